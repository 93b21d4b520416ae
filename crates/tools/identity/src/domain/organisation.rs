//! Administrations.

use kernel::OrganisationId;

use super::session::hash;
use crate::upstream::Siret;

/// An administration, known by its SIRET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Ours, for ever.
    pub id: OrganisationId,
    /// The 14 digits of its establishment.
    pub siret: Siret,
    /// Shown to people.
    pub label: String,
    /// INSEE's legal category, four digits; none when unknown.
    pub legal_category: Option<LegalCategory>,
    /// The one above it.
    pub parent: Option<OrganisationId>,
}

/// The id of the administration of a SIRET (14 digits): made of it (`UUIDv8`, RFC 9562 §5.8), so
/// that rules may name an administration before any of its agents has come.
pub fn id_of_siret(siret: &str) -> OrganisationId {
    OrganisationId::from_digest(&hash(&format!("organisation:{siret}")))
}

/// INSEE's four digits (`7113`: a ministry; `7172`: a deconcentrated service).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct LegalCategory(String);

impl LegalCategory {
    /// A category from its digits; none when they are not four.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        well_formed.then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a body of the State (71), a local one (72), or of public health (73 64…).
    fn family(&self) -> Option<&'static str> {
        if self.0.starts_with("71") {
            Some("agent_public_etat")
        } else if self.0.starts_with("72") {
            Some("agent_public_territorial")
        } else if self.0 == "7364" || self.0 == "7366" {
            Some("agent_public_hospitalier")
        } else {
            None
        }
    }

    /// Whether the body is one of public law (4 and 7 of INSEE's first level).
    pub fn is_public(&self) -> bool {
        self.0.starts_with('7') || self.0.starts_with("41")
    }
}

impl Organisation {
    /// ProConnect's `roles` claim for somebody of this body; none when the category is unknown.
    pub fn roles(&self) -> Vec<&'static str> {
        let Some(category) = &self.legal_category else {
            return Vec::new();
        };
        if !category.is_public() {
            return Vec::new();
        }
        let mut roles = vec!["agent_public"];
        roles.extend(category.family());
        roles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(category: Option<&str>) -> Organisation {
        Organisation {
            id: OrganisationId::from_u128(1),
            siret: Siret::parse("11001401600015").expect("a SIRET"),
            label: "Ministère".into(),
            legal_category: category.and_then(LegalCategory::parse),
            parent: None,
        }
    }

    #[test]
    fn roles_follow_the_legal_category() {
        assert_eq!(
            body(Some("7113")).roles(),
            ["agent_public", "agent_public_etat"]
        );
        assert_eq!(
            body(Some("7210")).roles(),
            ["agent_public", "agent_public_territorial"]
        );
        assert_eq!(
            body(Some("7364")).roles(),
            ["agent_public", "agent_public_hospitalier"]
        );
    }

    #[test]
    fn a_private_or_unknown_body_gives_no_role() {
        assert!(body(Some("5710")).roles().is_empty());
        assert!(body(None).roles().is_empty());
        assert!(LegalCategory::parse("71").is_none());
    }
}
