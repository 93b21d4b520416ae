//! What a token that an agent made for a program may be used for.
//!
//! A scope says what the program may ask; what its agent may do is said by their roles, looked at
//! anew at each call. An operation names its scope in its description (`security` of
//! `utoipa::path`); one that names none is closed to every token.

use crate::Role;

/// What a program may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenScope {
    /// Whose token it is.
    ProfileRead,
    /// What was told to the agent.
    InboxRead,
    /// The agent's tools, announcements and requests.
    PortalRead,
    /// Agents and administrations.
    PeopleRead,
    /// All that is kept of the agent.
    AccountExport,
    /// Agents of an administration, and imports of its directory.
    AdminImport,
    /// The tools of an administration.
    AdminTools,
    /// Its announcements.
    AdminAnnouncements,
    /// Its journal.
    AdminJournal,
}

impl TokenScope {
    /// Every one, in the order in which they are shown.
    pub const ALL: [Self; 9] = [
        Self::ProfileRead,
        Self::InboxRead,
        Self::PortalRead,
        Self::PeopleRead,
        Self::AccountExport,
        Self::AdminImport,
        Self::AdminTools,
        Self::AdminAnnouncements,
        Self::AdminJournal,
    ];

    /// The word on the wire and in the tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::ProfileRead => "profile:read",
            Self::InboxRead => "inbox:read",
            Self::PortalRead => "portal:read",
            Self::PeopleRead => "people:read",
            Self::AccountExport => "account:export",
            Self::AdminImport => "admin:import",
            Self::AdminTools => "admin:tools",
            Self::AdminAnnouncements => "admin:announcements",
            Self::AdminJournal => "admin:journal",
        }
    }

    /// The scope of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
    }

    /// The role without which the scope opens nothing.
    pub const fn role(self) -> Option<Role> {
        match self {
            Self::ProfileRead
            | Self::InboxRead
            | Self::PortalRead
            | Self::PeopleRead
            | Self::AccountExport => None,
            Self::AdminAnnouncements => Some(Role::Announcer),
            Self::AdminImport | Self::AdminTools | Self::AdminJournal => Some(Role::Administrator),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scope_is_found_by_its_word_and_no_other() {
        for scope in TokenScope::ALL {
            assert_eq!(TokenScope::from_word(scope.word()), Some(scope));
            // A word of the `scope` of OAuth (RFC 6749 §3.3): lists are separated by spaces.
            assert!(!scope.word().contains([' ', '"', '\\']));
        }
        assert_eq!(TokenScope::from_word("admin"), None);
    }
}
