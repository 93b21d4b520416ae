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

    /// A TOML error; for an unknown key, with the nearest known one.
    pub(crate) fn malformed(cause: &toml::de::Error) -> Self {
        let text = cause.to_string();
        match suggestion(&text) {
            Some(near) => Self::Malformed(format!("{}\nDid you mean `{near}`?", text.trim_end())),
            None => Self::Malformed(text),
        }
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

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_known_one() {
        let cause =
            toml::from_str::<Config>("[http]\nlisen = \"127.0.0.1:8080\"").expect_err("typo");
        let message = ConfigError::malformed(&cause).to_string();
        assert!(message.contains("lisen"), "{message}");
        assert!(message.contains("Did you mean `listen`?"), "{message}");
    }

    #[test]
    fn an_unknown_key_far_from_all_gets_no_suggestion() {
        let cause = toml::from_str::<Config>("[http]\nplanet = 1").expect_err("unknown");
        let message = ConfigError::malformed(&cause).to_string();
        assert!(
            message.contains("planet") && !message.contains("Did you mean"),
            "{message}"
        );
    }
}
