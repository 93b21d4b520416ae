//! Whose agent an address is.

use super::config::{ProviderConfig, ProviderId, ProviderKind};
use super::email::EmailAddress;

/// The most letters by which a mistyped domain differs.
const TYPO: usize = 2;

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// To one provider.
    One(ProviderId),
    /// To several, in the order of their titles: the person chooses.
    Several(Vec<ProviderId>),
    /// Nowhere.
    Unknown {
        /// The whole address with a known domain close to the one typed.
        suggestion: Option<String>,
    },
}

/// Where `email` leads among `providers`, all in service and in the order of their titles.
/// Ministries first; an address that none of them holds and that is no plain typing mistake goes
/// to the brokers.
pub(super) fn route(email: &EmailAddress, providers: &[&ProviderConfig]) -> Route {
    let domain = email.domain();
    let holders = ids(providers, |config| {
        config.domains().iter().any(|own| own == domain)
    });
    if let Some(route) = among(holders) {
        return route;
    }
    if let Some(known) = closest(domain, providers) {
        return Route::Unknown {
            suggestion: Some(email.at(known)),
        };
    }
    let brokers = ids(providers, |config| {
        matches!(config.kind, ProviderKind::Broker)
    });
    among(brokers).unwrap_or(Route::Unknown { suggestion: None })
}

fn ids(providers: &[&ProviderConfig], fits: impl Fn(&ProviderConfig) -> bool) -> Vec<ProviderId> {
    providers
        .iter()
        .filter(|config| fits(config))
        .map(|config| config.id.clone())
        .collect()
}

fn among(mut ids: Vec<ProviderId>) -> Option<Route> {
    match ids.len() {
        0 => None,
        1 => ids.pop().map(Route::One),
        _ => Some(Route::Several(ids)),
    }
}

/// The known domain a slip of the fingers away: swapped, missing, doubled or wrong letters, two
/// at most and a sixth of them.
fn closest<'a>(domain: &str, providers: &[&'a ProviderConfig]) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    for known in providers.iter().flat_map(|config| config.domains()) {
        if known.len().abs_diff(domain.len()) > TYPO {
            continue;
        }
        let distance = strsim::damerau_levenshtein(domain, known);
        let close = distance <= TYPO && distance * 6 <= known.len();
        let better = best.is_none_or(|other| (distance, known.as_str()) < other);
        if close && better {
            best = Some((distance, known));
        }
    }
    best.map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::super::testing::config;
    use super::*;

    fn ministry(id: &str, domains: &[&str]) -> ProviderConfig {
        let mut config = config();
        config.id = ProviderId::parse(id).expect("an id");
        let domains = domains.iter().map(|d| (*d).to_owned()).collect();
        config.kind = ProviderKind::Ministry { domains };
        config
    }

    fn route_of(address: &str, providers: &[ProviderConfig]) -> Route {
        let providers: Vec<_> = providers.iter().collect();
        route(
            &EmailAddress::parse(address).expect("an address"),
            &providers,
        )
    }

    fn id(text: &str) -> ProviderId {
        ProviderId::parse(text).expect("an id")
    }

    fn state() -> Vec<ProviderConfig> {
        vec![
            ministry("agriculture", &["agriculture.gouv.fr", "commun.gouv.fr"]),
            ministry("interieur", &["interieur.gouv.fr", "commun.gouv.fr"]),
        ]
    }

    #[test]
    fn a_domain_leads_to_those_that_hold_it_exactly() {
        assert_eq!(
            route_of("a@interieur.gouv.fr", &state()),
            Route::One(id("interieur"))
        );
        assert_eq!(
            route_of("a@INTERIEUR.gouv.fr", &state()),
            Route::One(id("interieur"))
        );
        assert_eq!(
            route_of("a@commun.gouv.fr", &state()),
            Route::Several(vec![id("agriculture"), id("interieur")])
        );
        for stranger in [
            "a@sub.interieur.gouv.fr",
            "a@interieur.gouv.fr.evil.test",
            "a@gouv.fr",
        ] {
            assert_eq!(
                route_of(stranger, &state()),
                Route::Unknown { suggestion: None },
                "{stranger}"
            );
        }
    }

    #[test]
    fn a_mistyped_domain_is_corrected() {
        for (typed, meant) in [
            ("Claire@interieur.gov.fr", "Claire@interieur.gouv.fr"),
            ("a@inteireur.gouv.fr", "a@interieur.gouv.fr"),
            ("a@interieur.gouv.f", "a@interieur.gouv.fr"),
            ("a@interieurr.gouvv.fr", "a@interieur.gouv.fr"),
            ("a@agricluture.gouv.fr", "a@agriculture.gouv.fr"),
            ("a+x@agriculture.gouv.rf", "a+x@agriculture.gouv.fr"),
        ] {
            let suggestion = Some(meant.to_owned());
            assert_eq!(
                route_of(typed, &state()),
                Route::Unknown { suggestion },
                "{typed}"
            );
        }
    }

    #[test]
    fn another_domain_is_not_a_typing_mistake() {
        let mut providers = state();
        providers.push(ministry("pm", &["pm.fr"]));
        for typed in [
            "a@gmail.com",
            "a@inferieur.gou.com",
            "a@fm.fr",
            "a@justice.gouv.fr",
        ] {
            assert_eq!(
                route_of(typed, &providers),
                Route::Unknown { suggestion: None },
                "{typed}"
            );
        }
    }

    #[test]
    fn a_broker_takes_what_no_ministry_holds() {
        let mut broker = config();
        broker.id = id("proconnect");
        broker.kind = ProviderKind::Broker;
        let mut providers = state();
        providers.push(broker);
        assert_eq!(
            route_of("a@ville.fr", &providers),
            Route::One(id("proconnect"))
        );
        assert_eq!(
            route_of("a@interieur.gouv.fr", &providers),
            Route::One(id("interieur"))
        );
        assert!(matches!(
            route_of("a@interieur.gov.fr", &providers),
            Route::Unknown {
                suggestion: Some(_)
            }
        ));
    }
}
