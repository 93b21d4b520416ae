//! Scopes an application may ask for, and the claims each one opens.

use std::collections::BTreeSet;

/// A scope of ProConnect's contract.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each scope opens the claim of its own name")]
pub enum Scope {
    Openid,
    GivenName,
    UsualName,
    Email,
    Uid,
    Siren,
    Siret,
    OrganizationalUnit,
    BelongingPopulation,
    Phone,
    Chorusdt,
    IdpId,
    IdpAcr,
    Roles,
    OrganizationLabel,
    Custom,
    IsServicePublic,
}

/// Every scope, as discovery lists them.
pub const ALL: [Scope; 17] = [
    Scope::Openid,
    Scope::GivenName,
    Scope::UsualName,
    Scope::Email,
    Scope::Uid,
    Scope::Siren,
    Scope::Siret,
    Scope::OrganizationalUnit,
    Scope::BelongingPopulation,
    Scope::Phone,
    Scope::Chorusdt,
    Scope::IdpId,
    Scope::IdpAcr,
    Scope::Roles,
    Scope::OrganizationLabel,
    Scope::Custom,
    Scope::IsServicePublic,
];

impl Scope {
    /// The value on the wire.
    pub const fn value(self) -> &'static str {
        match self {
            Self::Openid => "openid",
            Self::GivenName => "given_name",
            Self::UsualName => "usual_name",
            Self::Email => "email",
            Self::Uid => "uid",
            Self::Siren => "siren",
            Self::Siret => "siret",
            Self::OrganizationalUnit => "organizational_unit",
            Self::BelongingPopulation => "belonging_population",
            Self::Phone => "phone",
            Self::Chorusdt => "chorusdt",
            Self::IdpId => "idp_id",
            Self::IdpAcr => "idp_acr",
            Self::Roles => "roles",
            Self::OrganizationLabel => "organization_label",
            Self::Custom => "custom",
            Self::IsServicePublic => "is_service_public",
        }
    }

    /// The scope a word names.
    pub fn parse(word: &str) -> Option<Self> {
        ALL.into_iter().find(|scope| scope.value() == word)
    }
}

/// Scopes granted or asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct ScopeSet(BTreeSet<Scope>);

/// A request's scopes cannot be granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// `openid` is missing: this is not an OpenID request.
    #[error("the scope openid is required")]
    NoOpenid,
    /// Unknown here, or not allowed to this client.
    #[error("scope not allowed: {0}")]
    NotAllowed(String),
}

impl ScopeSet {
    /// A set from its members.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(scopes.into_iter().collect())
    }

    /// Every scope there is.
    pub fn all() -> Self {
        Self::new(ALL)
    }

    /// What a request asks for, within what its client may ask for.
    ///
    /// # Errors
    /// When `openid` is missing, or a scope is unknown or not allowed to this client.
    pub fn parse(request: &str, allowed: &Self) -> Result<Self, ScopeError> {
        let mut asked = BTreeSet::new();
        for word in request.split_ascii_whitespace() {
            match Scope::parse(word).filter(|scope| allowed.contains(*scope)) {
                Some(scope) => asked.insert(scope),
                None => return Err(ScopeError::NotAllowed(word.chars().take(64).collect())),
            };
        }
        if asked.contains(&Scope::Openid) {
            Ok(Self(asked))
        } else {
            Err(ScopeError::NoOpenid)
        }
    }

    /// Whether `scope` is in.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// In the wire's form, separated by spaces.
    pub fn to_text(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|scope| scope.value()).collect();
        words.join(" ")
    }

    /// From the form `to_text` gives; unknown words are dropped (an older row).
    pub fn from_text(text: &str) -> Self {
        Self(
            text.split_ascii_whitespace()
                .filter_map(Scope::parse)
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_the_scopes_it_may_ask_for() {
        let allowed = ScopeSet::new([Scope::Openid, Scope::Email]);
        let asked = ScopeSet::parse("openid email", &allowed).expect("allowed");
        assert_eq!(ScopeSet::from_text(&asked.to_text()), asked);
    }

    #[test]
    fn a_scope_not_allowed_or_unknown_is_refused_by_name() {
        let allowed = ScopeSet::new([Scope::Openid, Scope::Email]);
        for word in ["siret", "offline_access", "profile"] {
            assert_eq!(
                ScopeSet::parse(&format!("openid {word}"), &allowed),
                Err(ScopeError::NotAllowed(word.to_owned()))
            );
        }
        assert_eq!(
            ScopeSet::parse("email", &allowed),
            Err(ScopeError::NoOpenid)
        );
    }
}
