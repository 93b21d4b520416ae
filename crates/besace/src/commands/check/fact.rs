//! One thing that was looked at.

use serde::Serialize;

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    /// As it should be.
    Ok,
    /// Works, and will not always.
    Warning,
    /// Does not work, or is not safe.
    Error,
}

impl Level {
    /// The mark before a line.
    pub(super) const fn mark(self) -> &'static str {
        match self {
            Self::Ok => "ok      ",
            Self::Warning => "WARNING ",
            Self::Error => "ERROR   ",
        }
    }

    /// The exit code of a run of which this is the worst.
    pub(super) const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Error => 2,
        }
    }
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Fact {
    /// What was looked at.
    pub(super) about: String,
    /// How it stands.
    pub(super) level: Level,
    /// What was found.
    pub(super) found: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mend: Option<String>,
}

impl Fact {
    /// As it should be.
    pub(super) fn good(about: impl Into<String>, found: impl std::fmt::Display) -> Self {
        Self {
            about: about.into(),
            level: Level::Ok,
            found: found.to_string(),
            mend: None,
        }
    }

    /// Works, and will not always.
    pub(super) fn warning(
        about: impl Into<String>,
        found: impl std::fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            about: about.into(),
            level: Level::Warning,
            found: found.to_string(),
            mend: Some(mend.into()),
        }
    }

    /// Does not work, or is not safe.
    pub(super) fn error(
        about: impl Into<String>,
        found: impl std::fmt::Display,
        mend: impl Into<String>,
    ) -> Self {
        Self {
            about: about.into(),
            level: Level::Error,
            found: found.to_string(),
            mend: Some(mend.into()),
        }
    }
}
