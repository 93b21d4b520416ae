//! Small closed vocabularies of tiles and categories, with the words kept in the databases.

/// Declares an enum with the words by which it is stored and told.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant),+
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value that a stored word names; none when it is unknown.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

words!(
    /// From which network a tool answers.
    Reach {
        /// Everywhere.
        Internet = "internet",
        /// The ministries' common network only (réseau interministériel de l'État).
        Rie = "rie",
        /// Through the ministry's own tunnel only.
        Vpn = "vpn",
    }
);

words!(
    /// What a tile says of its tool's age.
    Badge {
        /// Opened lately.
        New = "new",
        /// On trial.
        Trial = "trial",
    }
);

words!(
    /// The colour family of a category; always shown with an icon, never colour alone.
    Family {
        /// To communicate.
        Blue = "blue",
        /// To work together.
        Teal = "teal",
        /// Crises and field work.
        Rust = "rust",
        /// An agent's own affairs.
        Sand = "sand",
        /// Documents and knowledge.
        Plum = "plum",
        /// Data and environment.
        Green = "green",
    }
);

words!(
    /// Whether a tile is shown at all.
    Publication {
        /// To nobody yet.
        Draft = "draft",
        /// To those its audience takes in.
        Published = "published",
        /// To nobody any more.
        Withdrawn = "withdrawn",
    }
);

/// A tool that is not in the state that an act needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tool is {}", state.word())]
pub struct PublicationError {
    /// What it is instead.
    pub state: Publication,
}

impl Publication {
    /// The state after a publication.
    ///
    /// # Errors
    /// When it is published already.
    pub const fn publish(self) -> Result<Self, PublicationError> {
        match self {
            Self::Draft | Self::Withdrawn => Ok(Self::Published),
            Self::Published => Err(PublicationError { state: self }),
        }
    }

    /// The state after it was taken back.
    ///
    /// # Errors
    /// When it is not published.
    pub const fn withdraw(self) -> Result<Self, PublicationError> {
        match self {
            Self::Published => Ok(Self::Withdrawn),
            Self::Draft | Self::Withdrawn => Err(PublicationError { state: self }),
        }
    }

    /// Whether it may leave without a trace: it was never shown to anybody.
    ///
    /// # Errors
    /// When it was.
    pub const fn delete(self) -> Result<(), PublicationError> {
        match self {
            Self::Draft => Ok(()),
            Self::Published | Self::Withdrawn => Err(PublicationError { state: self }),
        }
    }
}

words!(
    /// Who writes a tile.
    Origin {
        /// The operator, in the configuration.
        Configured = "configured",
        /// An administrator, on the administration's pages.
        Stored = "stored",
    }
);

words!(
    /// How a service does.
    Level {
        /// Nothing is said against it.
        Up = "up",
        /// It works badly, or in part.
        Disturbed = "disturbed",
        /// It does not work.
        Down = "down",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_its_value_and_no_other_word_does() {
        for reach in Reach::ALL {
            assert_eq!(Reach::from_word(reach.word()), Some(*reach));
        }
        for badge in Badge::ALL {
            assert_eq!(Badge::from_word(badge.word()), Some(*badge));
        }
        for family in Family::ALL {
            assert_eq!(Family::from_word(family.word()), Some(*family));
        }
        for publication in Publication::ALL {
            assert_eq!(
                Publication::from_word(publication.word()),
                Some(*publication)
            );
        }
        for origin in Origin::ALL {
            assert_eq!(Origin::from_word(origin.word()), Some(*origin));
        }
        for level in Level::ALL {
            assert_eq!(Level::from_word(level.word()), Some(*level));
        }
        assert_eq!(Reach::from_word("Internet"), None);
        assert_eq!(Badge::from_word(""), None);
        assert_eq!(Family::from_word("red"), None);
        assert_eq!(Publication::from_word("hidden"), None);
    }

    #[test]
    fn a_tool_is_published_once_and_taken_back_once_and_only_a_draft_is_deleted() {
        let draft = Publication::Draft;
        assert!(draft.withdraw().is_err());
        assert!(draft.delete().is_ok());
        let published = draft.publish().expect("published");
        assert!(published.publish().is_err());
        assert!(published.delete().is_err());
        let withdrawn = published.withdraw().expect("withdrawn");
        assert!(withdrawn.withdraw().is_err());
        assert!(withdrawn.delete().is_err());
        assert_eq!(withdrawn.publish(), Ok(Publication::Published));
    }
}
