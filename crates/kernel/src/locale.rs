//! The two languages of the product, and texts that exist in both.

use std::borrow::Cow;

/// A language of the product.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// French, the first.
    #[default]
    Fr,
    /// English, complete.
    En,
}

impl Locale {
    /// The language tag (BCP 47).
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }

    /// The language named by a tag, by its first subtag.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "fr" => Some(Self::Fr),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The best language for an `Accept-Language` header (RFC 9110 §12.5.4); French when none fits.
    pub fn negotiate(accept_language: &str) -> Self {
        let mut best: Option<(Self, f32)> = None;
        for range in accept_language.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default();
            let quality = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |q| q.parse::<f32>().unwrap_or(0.0));
            let Some(locale) = Self::from_tag(tag) else {
                continue;
            };
            if quality > 0.0 && best.is_none_or(|(_, other)| quality > other) {
                best = Some((locale, quality));
            }
        }
        best.map_or(Self::Fr, |(locale, _)| locale)
    }
}

/// A text in both languages: a missing one does not compile.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Text {
    /// French.
    pub fr: Cow<'static, str>,
    /// English.
    pub en: Cow<'static, str>,
}

impl Text {
    /// A fixed text.
    pub const fn fixed(fr: &'static str, en: &'static str) -> Self {
        Self {
            fr: Cow::Borrowed(fr),
            en: Cow::Borrowed(en),
        }
    }

    /// A text made at run time.
    pub fn made(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            fr: Cow::Owned(fr.into()),
            en: Cow::Owned(en.into()),
        }
    }

    /// The text in `locale`.
    pub fn get(&self, locale: Locale) -> &str {
        match locale {
            Locale::Fr => &self.fr,
            Locale::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_s_first_known_language_wins() {
        for (header, expected) in [
            ("fr", Locale::Fr),
            ("en-GB,en;q=0.9,fr;q=0.8", Locale::En),
            ("de, fr;q=0.5, en;q=0.4", Locale::Fr),
            ("en;q=0, fr;q=0.1", Locale::Fr),
            ("de", Locale::Fr),
            ("", Locale::Fr),
            (";;;q=x,,", Locale::Fr),
        ] {
            assert_eq!(Locale::negotiate(header), expected, "{header}");
        }
    }
}
