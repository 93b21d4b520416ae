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
        /// To nobody.
        Draft = "draft",
        /// To those its audience takes in.
        Published = "published",
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
        assert_eq!(Reach::from_word("Internet"), None);
        assert_eq!(Badge::from_word(""), None);
        assert_eq!(Family::from_word("red"), None);
        assert_eq!(Publication::from_word("hidden"), None);
    }
}
