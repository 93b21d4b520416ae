//! Reading the file, then what the environment says above it.

use std::path::Path;

use serde::Deserialize as _;
use toml::{Table, Value};

use super::{Config, ConfigError};

/// Before the names of settings in the environment: `BESACE__HTTP__LISTEN` is `http.listen`.
const PREFIX: &str = "BESACE__";

/// The configuration of a file, with what the environment changes.
///
/// # Errors
/// When the file cannot be read, is not TOML, or has a key or value that is not known.
pub(crate) fn load(
    path: &Path,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|cause| ConfigError::Unreadable {
        path: path.to_owned(),
        cause,
    })?;
    // Read once as it stands, so that an error shows its line.
    let plain: Config =
        toml::from_str(&text).map_err(|cause| ConfigError::malformed(&text, &cause))?;
    let overrides: Vec<_> = environment
        .into_iter()
        .filter_map(|(name, value)| Some((name.strip_prefix(PREFIX)?.to_lowercase(), value)))
        .collect();
    if overrides.is_empty() {
        return Ok(plain);
    }
    let mut table: Table =
        toml::from_str(&text).map_err(|cause| ConfigError::malformed(&text, &cause))?;
    for (name, value) in overrides {
        set(&mut table, &name, &value)?;
    }
    Config::deserialize(table).map_err(|cause| ConfigError::malformed("", &cause))
}

/// Sets `section__key` to a value: TOML when it is some (a number, a list), else a text.
fn set(table: &mut Table, name: &str, value: &str) -> Result<(), ConfigError> {
    let mut here = table;
    let mut parts: Vec<&str> = name.split("__").collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        here = here
            .entry(part)
            .or_insert_with(|| Value::Table(Table::new()))
            .as_table_mut()
            .ok_or_else(|| ConfigError::value(name, "the environment names a key below a value"))?;
    }
    let parsed = toml::from_str::<Table>(&format!("value = {value}"))
        .ok()
        .and_then(|mut parsed| parsed.remove("value"))
        .unwrap_or_else(|| Value::String(value.to_owned()));
    here.insert(last.to_owned(), parsed);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), text).expect("written");
        file
    }

    fn with(name: &str, value: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn the_environment_stands_above_the_file() {
        let file = file("[http]\nlisten = \"127.0.0.1:1\"\n");
        let config = load(file.path(), with("BESACE__HTTP__LISTEN", "127.0.0.1:2")).expect("read");
        assert_eq!(config.http.listen.to_string(), "127.0.0.1:2");
        let config = load(
            file.path(),
            with("BESACE__OUTGOING__ALLOW", "[\"10.0.0.0/8\"]"),
        )
        .expect("read");
        assert_eq!(config.outgoing.allow, ["10.0.0.0/8"]);
    }

    #[test]
    fn an_unknown_name_in_the_environment_is_refused_too() {
        let file = file("");
        let error = load(file.path(), with("BESACE__HTTP__LISEN", "x")).expect_err("typo");
        assert!(
            error.to_string().contains("Did you mean `listen`?"),
            "{error}"
        );
    }

    #[test]
    fn other_variables_are_none_of_ours() {
        let file = file("");
        assert!(load(file.path(), with("BESACE_TEST_PG", "x")).is_ok());
        assert!(load(Path::new("/nowhere.toml"), Vec::new()).is_err());
    }
}
