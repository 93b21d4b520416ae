//! Scopes an application may ask for, and the claims each one opens.

use std::collections::BTreeSet;

/// A scope: one of ProConnect's contract, which opens claims, or one of our own API.
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
    Inbox,
    Badge,
    Search,
    Launcher,
}

/// Scopes that open claims.
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

/// Scopes of our own API, which an application has for itself (RFC 6749 §4.4) where it was given
/// them by name; they open no claim.
pub const API: [Scope; 4] = [Scope::Inbox, Scope::Badge, Scope::Search, Scope::Launcher];

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
            Self::Inbox => "inbox",
            Self::Badge => "badge",
            Self::Search => "search",
            Self::Launcher => "launcher",
        }
    }

    /// The scope a word names.
    pub fn parse(word: &str) -> Option<Self> {
        supported().find(|scope| scope.value() == word)
    }

    /// Whether an agent's token may have it: the launcher shows the agent's own tiles.
    pub const fn is_of_agents(self) -> bool {
        !matches!(self, Self::Inbox | Self::Badge | Self::Search)
    }
}

/// Every scope, as discovery lists them.
pub fn supported() -> impl Iterator<Item = Scope> {
    ALL.into_iter().chain(API)
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
    /// No scope is left.
    #[error("no scope is left that is allowed to this application")]
    None,
    /// Unknown here, or not allowed to this client.
    #[error("scope not allowed: {0}")]
    NotAllowed(String),
}

impl ScopeSet {
    /// A set from its members.
    pub fn new(scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self(scopes.into_iter().collect())
    }

    /// Every scope that opens claims.
    pub fn all() -> Self {
        Self::new(ALL)
    }

    /// What an application registered at run time may ask for.
    pub fn registered() -> Self {
        Self::new(supported())
    }

    /// What an authorization request asks for, within what its client may ask for.
    ///
    /// # Errors
    /// When `openid` is missing, or a scope is unknown or not allowed to this client.
    pub fn parse(request: &str, allowed: &Self) -> Result<Self, ScopeError> {
        let mut asked = BTreeSet::new();
        for word in request.split_ascii_whitespace() {
            let known = Scope::parse(word).filter(|scope| allowed.contains(*scope));
            match known.filter(|scope| scope.is_of_agents()) {
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

    /// What an application asks for itself; all it may have when it names none (RFC 6749 §3.3).
    ///
    /// # Errors
    /// When a scope is unknown, opens claims, or is not allowed to this client, or when none is
    /// left.
    pub fn of_application(request: Option<&str>, allowed: &Self) -> Result<Self, ScopeError> {
        let own = Self::new(API.into_iter().filter(|scope| allowed.contains(*scope)));
        let mut asked = BTreeSet::new();
        for word in request.unwrap_or_default().split_ascii_whitespace() {
            match Scope::parse(word).filter(|scope| own.contains(*scope)) {
                Some(scope) => asked.insert(scope),
                None => return Err(ScopeError::NotAllowed(word.chars().take(64).collect())),
            };
        }
        let granted = if asked.is_empty() { own } else { Self(asked) };
        if granted.0.is_empty() {
            Err(ScopeError::None)
        } else {
            Ok(granted)
        }
    }

    /// Fewer of those granted, for one token (RFC 6749 §6).
    ///
    /// # Errors
    /// When a scope was not granted, or none is named.
    pub fn narrowed(request: &str, granted: &Self) -> Result<Self, ScopeError> {
        let mut asked = BTreeSet::new();
        for word in request.split_ascii_whitespace() {
            match Scope::parse(word).filter(|scope| granted.contains(*scope)) {
                Some(scope) => asked.insert(scope),
                None => return Err(ScopeError::NotAllowed(word.chars().take(64).collect())),
            };
        }
        if asked.is_empty() {
            Err(ScopeError::None)
        } else {
            Ok(Self(asked))
        }
    }

    /// Those of them that are in `other` too.
    pub fn within(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).copied().collect())
    }

    /// Those of both.
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).copied().collect())
    }

    /// The values on the wire.
    pub fn values(&self) -> Vec<String> {
        let values = self.0.iter().map(|scope| scope.value().to_owned());
        values.collect()
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

    #[test]
    fn an_agent_s_token_gets_the_launcher_where_it_was_given_and_nothing_else_of_the_api() {
        let registered = ScopeSet::registered();
        assert!(ScopeSet::parse("openid launcher", &registered).is_ok());
        assert!(ScopeSet::parse("openid launcher", &ScopeSet::all()).is_err());
        for word in ["inbox", "badge", "search"] {
            assert!(ScopeSet::parse(&format!("openid {word}"), &registered).is_err());
        }
    }

    #[test]
    fn an_application_gets_for_itself_what_it_was_given_of_the_api() {
        let allowed = ScopeSet::new([Scope::Openid, Scope::Email, Scope::Inbox, Scope::Badge]);
        let all = ScopeSet::new([Scope::Inbox, Scope::Badge]);
        assert_eq!(ScopeSet::of_application(None, &allowed), Ok(all.clone()));
        assert_eq!(ScopeSet::of_application(Some(" "), &allowed), Ok(all));
        let one = ScopeSet::new([Scope::Inbox]);
        assert_eq!(ScopeSet::of_application(Some("inbox"), &allowed), Ok(one));
        for word in ["openid", "email", "search", "inbox search", "nothing"] {
            assert!(
                ScopeSet::of_application(Some(word), &allowed).is_err(),
                "{word}"
            );
        }
        let none = ScopeSet::of_application(None, &ScopeSet::all());
        assert_eq!(none, Err(ScopeError::None));
    }
}
