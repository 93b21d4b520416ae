//! People in the one search.

use kernel::BoxFuture;
use kernel::Text;
use kernel::port::{Hit, Person, PortError, SearchProvider, SearchQuery};

use super::Asked;
use super::port::port_error;
use crate::domain::words::Question;
use crate::service::Identity;

impl SearchProvider for Identity {
    fn source(&self) -> &'static str {
        "people"
    }

    fn title(&self) -> Text {
        Text::fixed("Personnes", "People")
    }

    fn search(&self, query: SearchQuery) -> BoxFuture<'_, Result<Vec<Hit>, PortError>> {
        Box::pin(async move {
            let asked = Asked {
                question: Some(Question::parse(&query.words)),
                organisation: None,
            };
            let page = self.people(asked, None, query.limit).await;
            let page = page.map_err(port_error)?;
            Ok(page.items.into_iter().map(hit).collect())
        })
    }
}

fn hit(person: Person) -> Hit {
    Hit {
        id: person.id.to_string(),
        title: person.display_name(),
        link: format!("/annuaire/{}", person.id),
        detail: Some(match person.organizational_unit {
            Some(unit) => format!("{unit}, {}", person.organisation_label),
            None => person.organisation_label,
        }),
        icon: None,
    }
}

#[cfg(test)]
mod tests {
    use kernel::{AgentId, OrganisationId};

    use super::*;

    #[test]
    fn a_hit_says_where_somebody_works_and_leads_to_them() {
        let mut person = Person {
            id: AgentId::from_u128(1),
            given_name: "Claire".into(),
            usual_name: "Delmas".into(),
            email: "claire.delmas@interieur.gouv.fr".into(),
            organisation: OrganisationId::from_u128(2),
            organisation_label: "Ministère de l’Intérieur".into(),
            organizational_unit: Some("DGSCGC".into()),
            population: None,
            phone: None,
            locale: None,
        };
        let found = hit(person.clone());
        assert_eq!(found.title, "Claire Delmas");
        assert_eq!(found.link, "/annuaire/00000000-0000-0000-0000-000000000001");
        assert_eq!(
            found.detail.as_deref(),
            Some("DGSCGC, Ministère de l’Intérieur")
        );
        person.organizational_unit = None;
        assert_eq!(
            hit(person).detail.as_deref(),
            Some("Ministère de l’Intérieur")
        );
    }
}
