//! Bodies that several nouns share.

use kernel::{OrganisationId, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Label;

/// A text in French and perhaps in English.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct TextBody {
    /// French.
    #[schema(example = "Arrêtés sanitaires")]
    pub(crate) fr: String,
    /// English; absent: readers of English get the French.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) en: Option<String>,
}

impl From<&Label> for TextBody {
    fn from(label: &Label) -> Self {
        Self {
            fr: label.fr().to_owned(),
            en: label.en().map(str::to_owned),
        }
    }
}

impl From<&Text> for TextBody {
    fn from(text: &Text) -> Self {
        Self {
            fr: text.fr.clone().into_owned(),
            en: Some(text.en.clone().into_owned()),
        }
    }
}

/// An administration by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AdministrationBody {
    /// Its id.
    id: String,
    /// Its name.
    #[schema(example = "Préfecture des Landes")]
    label: String,
}

impl AdministrationBody {
    /// Of an id and its label.
    pub(crate) fn new(id: OrganisationId, label: impl Into<String>) -> Self {
        Self {
            id: id.to_string(),
            label: label.into(),
        }
    }
}

/// An agent by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentBody {
    /// Their id.
    pub(crate) id: String,
    /// Given name and usual name; absent: not in the directory any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) display_name: Option<String>,
}

/// A rule that says for whom something is.
#[derive(ToSchema)]
#[schema(as = Audience)]
#[serde(rename_all = "snake_case")]
#[expect(dead_code, reason = "describes the kernel's rule, which knows no API")]
pub(crate) enum AudienceSchema {
    /// Every agent.
    Everyone,
    /// The agents of an administration and, with `subtree`, of those below it.
    Organisation {
        /// Which.
        id: String,
        /// Whether those below belong too.
        subtree: bool,
    },
    /// `agent`, `prestataire`, `partenaire` or `stagiaire`.
    Population(String),
    /// One agent.
    Agent(String),
    /// All of these; of nothing, everybody.
    #[schema(no_recursion)]
    All(Vec<AudienceSchema>),
    /// One of these at least; of nothing, nobody.
    #[schema(no_recursion)]
    Any(Vec<AudienceSchema>),
    /// Not these.
    #[schema(no_recursion)]
    Not(Box<AudienceSchema>),
}
