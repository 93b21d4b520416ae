//! The picture of a tile, by its name in the State's icon set.

/// The longest name kept.
const MAX_LENGTH: usize = 48;

/// A DSFR icon's name without its prefix: `chat-3-line`, `vidicon-fill`. It becomes part of a
/// class name on the page, hence the narrow pattern `[a-z0-9]+(-[a-z0-9]+)*-(line|fill)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconName(String);

/// A text that is not the name of an icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an icon name of the form word-word-line or word-word-fill")]
pub struct IconError;

impl IconName {
    /// A name that follows the pattern.
    ///
    /// # Errors
    /// When it does not, or is over 48 bytes.
    pub fn parse(text: &str) -> Result<Self, IconError> {
        let stem = text
            .strip_suffix("-line")
            .or_else(|| text.strip_suffix("-fill"))
            .ok_or(IconError)?;
        let well_formed = text.len() <= MAX_LENGTH
            && stem.split('-').all(|word| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
            });
        if well_formed {
            Ok(Self(text.to_owned()))
        } else {
            Err(IconError)
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_set_are_accepted() {
        for text in [
            "chat-3-line",
            "vidicon-fill",
            "money-euro-circle-line",
            "home-4-fill",
        ] {
            assert_eq!(IconName::parse(text).expect("an icon").as_str(), text);
        }
    }

    #[test]
    fn what_would_leave_the_class_name_is_refused() {
        for text in [
            "",
            "line",
            "-line",
            "chat",
            "chat--line",
            "Chat-line",
            "chat line",
            "chat-line x",
            "chat\"onload-line",
            "chât-line",
            "../chat-line",
            "chat-line\n",
        ] {
            assert_eq!(IconName::parse(text), Err(IconError), "{text:?}");
        }
        assert_eq!(
            IconName::parse(&format!("{}-line", "a".repeat(44))),
            Err(IconError)
        );
    }
}
