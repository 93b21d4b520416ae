//! What is wrong with a configuration, and how to mend it.

use std::path::PathBuf;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("the configuration {path} cannot be read: {cause}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// Not TOML, or a value of the wrong kind, or an unknown key.
    #[error("{0}")]
    Malformed(String),
    /// A value that cannot be.
    #[error("{key}: {what}")]
    Value {
        /// Which key.
        key: String,
        /// What is wrong, and what would be right.
        what: String,
    },
}

impl ConfigError {
    /// A value that cannot be.
    pub(crate) fn value(key: impl Into<String>, what: impl std::fmt::Display) -> Self {
        Self::Value {
            key: key.into(),
            what: what.to_string(),
        }
    }

    /// A TOML error, by its line: the line itself may hold a secret. For an unknown key, with the
    /// nearest known one.
    pub(crate) fn malformed(text: &str, cause: &toml::de::Error) -> Self {
        let line = cause
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(0, |before| before.matches('\n').count() + 1);
        let message = without_value(cause.message());
        let place = if line == 0 {
            String::new()
        } else {
            format!("line {line}: ")
        };
        match suggestion(&message) {
            Some(near) => Self::Malformed(format!("{place}{message}\nDid you mean `{near}`?")),
            None => Self::Malformed(format!("{place}{message}")),
        }
    }
}

/// A message without the value it found, which may be a secret.
fn without_value(message: &str) -> String {
    let names_value = message.starts_with("invalid type") || message.starts_with("invalid value");
    match message.split_once(", expected ") {
        Some((_, expected)) if names_value => format!("expected {expected}"),
        _ => message.to_owned(),
    }
}

/// The known key nearest to the unknown one that serde names.
fn suggestion(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("unknown field `")?;
    let (unknown, rest) = rest.split_once('`')?;
    let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(unknown, name), name))
        .filter(|(distance, _)| *distance <= 3)
        .min()
        .map(|(_, name)| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn refused(text: &str) -> String {
        let cause = toml::from_str::<Config>(text).expect_err("refused");
        ConfigError::malformed(text, &cause).to_string()
    }

    #[test]
    fn an_error_never_shows_the_value_it_found() {
        for line in [
            "master = Hunter2",
            "master = [\"Hunter2\"]",
            "master = { a = \"Hunter2\" }",
        ] {
            let message = refused(&format!("[keys]\n{line}"));
            assert!(
                message.contains("line 2") && !message.contains("Hunter2"),
                "{message}"
            );
        }
        let message = refused("[database]\nmax_connections = \"Hunter2\"");
        assert!(!message.contains("Hunter2"), "{message}");
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let message = refused("[http]\nlisen = \"127.0.0.1:8080\"");
        assert!(
            message.starts_with("line 2: ") && message.contains("lisen"),
            "{message}"
        );
        assert!(message.contains("Did you mean `listen`?"), "{message}");
    }

    #[test]
    fn an_unknown_key_far_from_all_gets_no_suggestion() {
        let message = refused("[http]\nplanet = 1");
        assert!(
            message.contains("planet") && !message.contains("Did you mean"),
            "{message}"
        );
    }
}
