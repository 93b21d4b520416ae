//! Claims as ProConnect's applications know them: which scope opens which claim.

use serde_json::{Map, Value, json};

use super::acr::Acr;
use super::agent::{Agent, AgentState};
use super::organisation::Organisation;
use super::scope::{Scope, ScopeSet};

/// Everything a claim may be drawn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    /// The agent.
    pub agent: Agent,
    /// The agent's administration.
    pub organisation: Organisation,
    /// The provider that vouched.
    pub provider: String,
    /// The level it gave.
    pub acr: Acr,
}

impl Subject {
    /// Whether the person's administration makes them a public agent.
    pub fn is_public_agent(&self) -> bool {
        !self.is_guest() && self.organisation.roles().contains(&"agent_public")
    }

    /// Whether the person is somebody's guest. The administration that answers for them is not
    /// theirs: no claim says that they belong to it.
    pub fn is_guest(&self) -> bool {
        self.agent.state == AgentState::Guest
    }

    /// The userinfo claims that `scopes` open; `sub` always.
    pub fn userinfo(&self, scopes: &ScopeSet) -> Map<String, Value> {
        let attributes = &self.agent.attributes;
        let siret = self.organisation.siret.as_str();
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| {
            claims.insert(name.to_owned(), value);
        };
        put("sub", json!(self.agent.id));
        if self.is_guest() {
            put("is_external", json!(true));
        }
        for scope in super::scope::ALL
            .into_iter()
            .filter(|scope| scopes.contains(*scope))
        {
            match scope {
                Scope::Openid | Scope::Inbox | Scope::Badge | Scope::Search | Scope::Launcher => {}
                Scope::GivenName => put("given_name", json!(attributes.given_name)),
                Scope::UsualName => put("usual_name", json!(attributes.usual_name)),
                Scope::Email => put("email", json!(attributes.email)),
                Scope::Uid => put("uid", json!(attributes.uid)),
                Scope::Siret | Scope::Siren | Scope::OrganizationLabel if self.is_guest() => {}
                Scope::Siret => put("siret", json!(siret)),
                Scope::Siren => put("siren", json!(siret.get(..9))),
                Scope::OrganizationalUnit => {
                    if let Some(unit) = &attributes.organizational_unit {
                        put("organizational_unit", json!(unit));
                    }
                }
                Scope::BelongingPopulation => {
                    if let Some(population) = attributes.population {
                        put("belonging_population", json!(population.claim()));
                    }
                }
                Scope::Phone => {
                    if let Some(phone) = &attributes.phone {
                        put("phone_number", json!(phone));
                    }
                }
                Scope::Chorusdt => {
                    if let Some((number, company)) = &attributes.chorusdt {
                        put("chorusdt:matricule", json!(number));
                        put("chorusdt:societe", json!(company));
                    }
                }
                Scope::IdpId => put("idp_id", json!(self.provider)),
                Scope::IdpAcr => put("idp_acr", json!(self.acr.value())),
                Scope::Roles if self.is_guest() => put("roles", json!([])),
                Scope::Roles => put("roles", json!(self.organisation.roles())),
                Scope::OrganizationLabel => {
                    put("organization_label", json!(self.organisation.label));
                }
                Scope::Custom => put("custom", Value::Object(attributes.custom.clone())),
                Scope::IsServicePublic => {
                    put("is_service_public", json!(self.is_public_agent()));
                }
            }
        }
        claims
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use kernel::{AgentId, OrganisationId, Population};

    use super::*;
    use crate::domain::agent::{AgentState, Attributes};
    use crate::domain::organisation::LegalCategory;
    use crate::upstream::Siret;

    /// Claire Delmas, of the ministry of the interior.
    pub(crate) fn claire() -> Subject {
        Subject {
            agent: Agent {
                id: AgentId::from_u128(7),
                state: AgentState::Active,
                organisation: OrganisationId::from_u128(1),
                attributes: Attributes {
                    given_name: "Claire".into(),
                    usual_name: "Delmas".into(),
                    email: "claire.delmas@interieur.gouv.fr".into(),
                    uid: "cdelmas".into(),
                    organizational_unit: Some("Bureau de la gestion des crises".into()),
                    population: Some(Population::Agent),
                    phone: None,
                    chorusdt: None,
                    custom: Map::new(),
                },
            },
            organisation: Organisation {
                id: OrganisationId::from_u128(1),
                siret: Siret::parse("11001401600015").expect("a SIRET"),
                label: "Ministère de l’Intérieur".into(),
                legal_category: LegalCategory::parse("7113"),
                parent: None,
            },
            provider: "interieur".into(),
            acr: Acr::Eidas1,
        }
    }

    #[test]
    fn a_scope_opens_its_claim_and_no_other() {
        let scopes = ScopeSet::new([Scope::Openid, Scope::Email, Scope::Siren]);
        let claims = claire().userinfo(&scopes);
        let names: Vec<_> = claims.keys().map(String::as_str).collect();
        assert_eq!(names.len(), 3, "{names:?}");
        assert_eq!(claims.get("siren"), Some(&json!("110014016")));
        assert_eq!(claims.get("sub"), Some(&json!(AgentId::from_u128(7))));
    }

    #[test]
    fn a_guest_is_external_and_of_no_administration() {
        let mut guest = claire();
        guest.agent.state = AgentState::Guest;
        guest.agent.attributes.population = Some(Population::Partenaire);
        let claims = guest.userinfo(&ScopeSet::all());
        assert_eq!(claims.get("is_external"), Some(&json!(true)));
        assert_eq!(
            claims.get("belonging_population"),
            Some(&json!("partenaire"))
        );
        assert_eq!(claims.get("roles"), Some(&json!([])));
        assert_eq!(claims.get("is_service_public"), Some(&json!(false)));
        for of_the_sponsor in ["siret", "siren", "organization_label"] {
            assert!(!claims.contains_key(of_the_sponsor), "{of_the_sponsor}");
        }
        assert!(!guest.is_public_agent());
        assert!(
            !claire()
                .userinfo(&ScopeSet::all())
                .contains_key("is_external")
        );
    }

    #[test]
    fn what_the_provider_does_not_say_is_absent_and_not_null() {
        let claims = claire().userinfo(&ScopeSet::all());
        assert!(!claims.contains_key("phone_number"));
        assert!(!claims.contains_key("chorusdt:matricule"));
        assert_eq!(claims.get("custom"), Some(&json!({})));
        assert_eq!(
            claims.get("roles"),
            Some(&json!(["agent_public", "agent_public_etat"]))
        );
    }
}
