//! An agent as colleagues see them.

use kernel::port::Person;
use kernel::{AgentId, OrganisationId, Population};
use serde::Serialize;
use utoipa::ToSchema;

/// An agent.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub(in crate::http) struct PersonView {
    #[schema(value_type = String)]
    id: AgentId,
    given_name: String,
    usual_name: String,
    display_name: String,
    /// Two letters for a round picture.
    initials: String,
    email: String,
    organisation: PersonOrganisation,
    /// Their service, as their administration writes it.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// `agent`, `prestataire`, `partenaire` or `stagiaire`; absent: not said.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    population: Option<&'static str>,
    /// Professional telephone.
    #[schema(nullable = false, required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

/// Somebody's administration.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct PersonOrganisation {
    #[schema(value_type = String)]
    id: OrganisationId,
    label: String,
}

impl From<Person> for PersonView {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            display_name: person.display_name(),
            initials: person.initials(),
            given_name: person.given_name,
            usual_name: person.usual_name,
            email: person.email,
            organisation: PersonOrganisation {
                id: person.organisation,
                label: person.organisation_label,
            },
            unit: person.organizational_unit,
            population: person.population.map(Population::claim),
            phone: person.phone,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_keeps_its_names_and_what_is_not_known_is_absent() {
        let person = Person {
            id: AgentId::from_u128(1),
            given_name: "Élise".into(),
            usual_name: "Brun".into(),
            email: "elise.brun@landes.gouv.fr".into(),
            organisation: OrganisationId::from_u128(2),
            organisation_label: "Préfecture des Landes".into(),
            organizational_unit: None,
            population: Some(Population::Agent),
            phone: None,
            locale: None,
        };
        let json = serde_json::to_value(PersonView::from(person)).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "id": "00000000-0000-0000-0000-000000000001",
                "givenName": "Élise",
                "usualName": "Brun",
                "displayName": "Élise Brun",
                "initials": "ÉB",
                "email": "elise.brun@landes.gouv.fr",
                "organisation": {
                    "id": "00000000-0000-0000-0000-000000000002",
                    "label": "Préfecture des Landes",
                },
                "population": "agent",
            })
        );
    }
}
