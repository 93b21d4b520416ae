//! `[site]`: public facts of the instance.

use kernel::Text;
use serde::Deserialize;

/// A text in both languages, or one text for both.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum BilingualText {
    /// The same in both.
    One(String),
    /// French and English.
    Both {
        /// French.
        fr: String,
        /// English.
        en: String,
    },
}

impl From<BilingualText> for Text {
    fn from(text: BilingualText) -> Self {
        match text {
            BilingualText::One(text) => Self::made(text.clone(), text),
            BilingualText::Both { fr, en } => Self::made(fr, en),
        }
    }
}

/// Whose dress the instance wears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ThemeSection {
    /// Nobody's.
    #[default]
    Neutral,
    /// The State's: for the State's own instances only.
    State,
}

/// `[site]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct SiteSection {
    /// The service's name; `Besace` when absent.
    pub(crate) name: Option<String>,
    /// Whose dress.
    pub(crate) theme: ThemeSection,
    /// A ministry's colour (`#8d533e`), for a provider that must look like its own.
    pub(crate) accent: Option<String>,
    /// Administration written beside the name.
    pub(crate) organisation_line: Option<BilingualText>,
    /// Name of the support.
    pub(crate) support_label: Option<BilingualText>,
    /// Its telephone, as written for people.
    pub(crate) support_phone: Option<String>,
    /// Its address.
    pub(crate) support_email: Option<String>,
    /// When it answers.
    pub(crate) support_hours: Option<BilingualText>,
    /// Publisher, for the legal notice.
    pub(crate) publisher: Option<BilingualText>,
    /// Person responsible for the publication.
    pub(crate) director: Option<BilingualText>,
    /// Who hosts it.
    pub(crate) host: Option<BilingualText>,
    /// How to write to the data protection officer.
    pub(crate) data_protection_officer: Option<BilingualText>,
    /// Further sentences for the privacy page.
    pub(crate) privacy_notes: Option<BilingualText>,
    /// Where to report an accessibility defect, when not to the support.
    pub(crate) accessibility_contact: Option<BilingualText>,
    /// File of the last accessibility audit (JSON).
    pub(crate) accessibility_audit: Option<std::path::PathBuf>,
}
