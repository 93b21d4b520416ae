//! Short texts that administrators write: French always, English when they know it.

use kernel::Text;

/// A text of one line in French, perhaps in English too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    fr: String,
    en: Option<String>,
}

/// Why a text is no label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LabelError {
    /// Nothing but spaces.
    #[error("the French text is empty")]
    Empty,
    /// Too many characters.
    #[error("over {most} characters")]
    TooLong {
        /// The most.
        most: usize,
    },
    /// A line break or another control character.
    #[error("holds a control character")]
    Control,
}

impl Label {
    /// A label of at most `most` characters a language, trimmed; an empty English text is none.
    ///
    /// # Errors
    /// When a text is too long or holds control characters, or there is no French.
    pub fn parse(fr: &str, en: Option<&str>, most: usize) -> Result<Self, LabelError> {
        let fr = one_line(fr, most)?.ok_or(LabelError::Empty)?;
        let en = match en {
            Some(text) => one_line(text, most)?,
            None => None,
        };
        Ok(Self { fr, en })
    }

    /// A label of the stored columns, in which no English is an empty text.
    pub fn stored(fr: String, en: String) -> Self {
        Self {
            fr,
            en: Some(en).filter(|text| !text.is_empty()),
        }
    }

    /// The French.
    pub fn fr(&self) -> &str {
        &self.fr
    }

    /// The English, when it was written.
    pub fn en(&self) -> Option<&str> {
        self.en.as_deref()
    }

    /// For readers: who reads English gets the French where there is nothing else.
    pub fn text(&self) -> Text {
        let en = self.en.clone().unwrap_or_else(|| self.fr.clone());
        Text::made(self.fr.clone(), en)
    }
}

fn one_line(text: &str, most: usize) -> Result<Option<String>, LabelError> {
    let text = text.trim();
    if text.chars().any(char::is_control) {
        return Err(LabelError::Control);
    }
    if text.chars().count() > most {
        return Err(LabelError::TooLong { most });
    }
    Ok(Some(text.to_owned()).filter(|text| !text.is_empty()))
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;

    #[test]
    fn a_label_without_english_is_read_in_french() {
        let label = Label::parse(" Congés ", Some("  "), 40).expect("a label");
        assert_eq!((label.fr(), label.en()), ("Congés", None));
        assert_eq!(label.text().get(Locale::En), "Congés");
        let both = Label::parse("Congés", Some("Leave"), 40).expect("a label");
        assert_eq!(both.text().get(Locale::En), "Leave");
    }

    #[test]
    fn what_is_empty_long_or_broken_is_refused() {
        assert_eq!(Label::parse(" ", None, 40), Err(LabelError::Empty));
        assert_eq!(
            Label::parse("ééé", None, 2),
            Err(LabelError::TooLong { most: 2 })
        );
        assert!(Label::parse("éé", None, 2).is_ok());
        assert_eq!(Label::parse("a\nb", None, 40), Err(LabelError::Control));
        assert_eq!(
            Label::parse("a", Some("b\u{7}b"), 40),
            Err(LabelError::Control)
        );
    }
}
