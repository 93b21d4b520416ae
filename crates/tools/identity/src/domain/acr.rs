//! Levels of authentication (`acr`), as ProConnect's norm of June 2026 lists them.
//!
//! Invariant: an application that asked by an old name is answered by that name.

/// A level, weakest first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Acr {
    /// Declared identity.
    #[serde(rename = "eidas0")]
    Eidas0,
    /// Declared identity, second factor.
    #[serde(rename = "eidas0-mfa")]
    Eidas0Mfa,
    /// Identity checked by the administration, password.
    #[serde(rename = "eidas1")]
    Eidas1,
    /// The same with a second factor.
    #[serde(rename = "eidas1-mfa")]
    Eidas1Mfa,
    /// TOTP, push or passkey.
    #[serde(rename = "eidas2")]
    Eidas2,
    /// Smart card or hardware key with PIN.
    #[serde(rename = "eidas3")]
    Eidas3,
}

/// Every level, as discovery lists them.
pub const ALL: [Acr; 6] = [
    Acr::Eidas0,
    Acr::Eidas0Mfa,
    Acr::Eidas1,
    Acr::Eidas1Mfa,
    Acr::Eidas2,
    Acr::Eidas3,
];

const SELF_ASSERTED: &str = "https://proconnect.gouv.fr/assurance/self-asserted";
const SELF_ASSERTED_2FA: &str = "https://proconnect.gouv.fr/assurance/self-asserted-2fa";
const CONSISTENCY_CHECKED: &str = "https://proconnect.gouv.fr/assurance/consistency-checked";
const CONSISTENCY_CHECKED_2FA: &str =
    "https://proconnect.gouv.fr/assurance/consistency-checked-2fa";

impl Acr {
    /// The value on the wire.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Eidas0 => "eidas0",
            Self::Eidas0Mfa => "eidas0-mfa",
            Self::Eidas1 => "eidas1",
            Self::Eidas1Mfa => "eidas1-mfa",
            Self::Eidas2 => "eidas2",
            Self::Eidas3 => "eidas3",
        }
    }

    /// The level a value names, by its name of today or by one of the four older ones.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "eidas0" | SELF_ASSERTED => Some(Self::Eidas0),
            "eidas0-mfa" | SELF_ASSERTED_2FA => Some(Self::Eidas0Mfa),
            "eidas1" | CONSISTENCY_CHECKED => Some(Self::Eidas1),
            "eidas1-mfa" | CONSISTENCY_CHECKED_2FA => Some(Self::Eidas1Mfa),
            "eidas2" => Some(Self::Eidas2),
            "eidas3" => Some(Self::Eidas3),
            _ => None,
        }
    }

    /// Whether asking for this level as essential forces a new authentication even while a
    /// session lives.
    pub const fn forces_authentication(self) -> bool {
        matches!(self, Self::Eidas2 | Self::Eidas3)
    }
}

/// What an application asked of the level.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AcrWish {
    /// Values as spelled by the application, in its order of preference; unknown ones are dropped.
    pub values: Vec<String>,
    /// Whether one of them must be met (`claims.id_token.acr.essential`).
    pub essential: bool,
}

impl AcrWish {
    /// From `acr_values` (OIDC Core §3.1.2.1): a wish, never a demand.
    pub fn voluntary(acr_values: &str) -> Self {
        Self {
            values: acr_values
                .split_ascii_whitespace()
                .filter(|value| Acr::parse(value).is_some())
                .map(str::to_owned)
                .collect(),
            essential: false,
        }
    }

    /// What a page of ours demands: this level or a stronger one.
    pub fn at_least(level: Acr) -> Self {
        let enough = ALL.into_iter().filter(|one| *one >= level);
        Self {
            values: enough.map(|one| one.value().to_owned()).collect(),
            essential: true,
        }
    }

    /// Whether a session at `level` will do: by membership, exactly, when essential.
    pub fn is_met_by(&self, level: Acr) -> bool {
        !self.essential
            || self
                .values
                .iter()
                .any(|value| Acr::parse(value) == Some(level))
    }

    /// Whether every level that would do needs a new authentication.
    pub fn forces_authentication(&self) -> bool {
        self.essential
            && !self.values.is_empty()
            && self
                .values
                .iter()
                .all(|v| Acr::parse(v).is_some_and(Acr::forces_authentication))
    }

    /// How `level` is written to this application: by the name it asked for.
    pub fn spelling(&self, level: Acr) -> String {
        self.values
            .iter()
            .find(|value| Acr::parse(value) == Some(level))
            .cloned()
            .unwrap_or_else(|| level.value().to_owned())
    }

    /// The value sent to the ministry's provider: the first wish, else `eidas1`.
    pub fn first(&self) -> Acr {
        self.values
            .iter()
            .find_map(|value| Acr::parse(value))
            .unwrap_or(Acr::Eidas1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn essential(values: &[&str]) -> AcrWish {
        AcrWish {
            values: values.iter().map(|v| (*v).to_owned()).collect(),
            essential: true,
        }
    }

    #[test]
    fn a_page_of_ours_takes_a_stronger_level_too_and_asks_for_the_least() {
        let wish = AcrWish::at_least(Acr::Eidas1Mfa);
        for enough in [Acr::Eidas1Mfa, Acr::Eidas2, Acr::Eidas3] {
            assert!(wish.is_met_by(enough), "{enough:?}");
        }
        for weak in [Acr::Eidas0, Acr::Eidas0Mfa, Acr::Eidas1] {
            assert!(!wish.is_met_by(weak), "{weak:?}");
        }
        assert_eq!(wish.first(), Acr::Eidas1Mfa);
    }

    #[test]
    fn an_essential_level_is_met_by_membership_only() {
        assert!(essential(&["eidas1"]).is_met_by(Acr::Eidas1));
        assert!(
            !essential(&["eidas1"]).is_met_by(Acr::Eidas2),
            "stronger is not a member"
        );
        assert!(essential(&["eidas1", "eidas2"]).is_met_by(Acr::Eidas2));
    }

    #[test]
    fn a_voluntary_level_refuses_nobody_and_drops_what_it_does_not_know() {
        let wish = AcrWish::voluntary("eidas3 eidas9 eidas2");
        assert_eq!(wish.values, ["eidas3", "eidas2"]);
        assert!(wish.is_met_by(Acr::Eidas0));
    }

    #[test]
    fn an_old_name_is_understood_and_answered_by_itself() {
        let wish = essential(&[CONSISTENCY_CHECKED]);
        assert!(wish.is_met_by(Acr::Eidas1));
        assert_eq!(wish.spelling(Acr::Eidas1), CONSISTENCY_CHECKED);
        assert_eq!(wish.spelling(Acr::Eidas2), "eidas2");
    }

    #[test]
    fn only_strong_essentials_force_a_new_authentication() {
        assert!(essential(&["eidas2", "eidas3"]).forces_authentication());
        assert!(!essential(&["eidas1", "eidas2"]).forces_authentication());
        assert!(!AcrWish::voluntary("eidas3").forces_authentication());
    }
}
