//! The agents of the benchmarks: the same numbers give the same people.

use identity::domain::agent::{Agent, AgentState, Attributes};
use identity::domain::browser::Browser;
use identity::domain::organisation::{LegalCategory, Organisation, id_of_siret};
use identity::service::people::KnownAgent;
use identity::service::sign_in::Vouched;
use identity::upstream::Siret;
use kernel::{AgentId, Population, Timestamp};

use identity::domain::acr::Acr;

/// Administrations that the agents are spread over.
pub const ORGANISATIONS: u32 = 20;
/// The provider that vouches for all of them.
const PROVIDER: &str = "interieur";

/// The SIRET of an administration, its check digit included.
fn siret(number: u32) -> Siret {
    let body = format!("11{:011}", u64::from(number) * 7_919);
    (0..10)
        .find_map(|check| Siret::parse(&format!("{body}{check}")).ok())
        .expect("one check digit is right")
}

/// The administrations, those after the first below it.
pub fn organisations() -> Vec<Organisation> {
    let first = id_of_siret(siret(1).as_str());
    (1..=ORGANISATIONS)
        .map(|number| Organisation {
            id: id_of_siret(siret(number).as_str()),
            siret: siret(number),
            label: format!("Direction n° {number}"),
            legal_category: LegalCategory::parse("7113"),
            parent: (number > 1).then_some(first),
        })
        .collect()
}

const GIVEN_NAMES: [&str; 16] = [
    "Claire",
    "Hugo",
    "Inès",
    "Mathieu",
    "Lucie",
    "Jean",
    "Élodie",
    "Paul",
    "Aïcha",
    "Marc",
    "Zoé",
    "Anne-Élise",
    "Youssef",
    "Nathalie",
    "Loïc",
    "Sophie",
];
const FIRST_SYLLABLES: [&str; 16] = [
    "Del", "Cas", "Fo", "La", "An", "As", "Ver", "Mar", "Ber", "Du", "Le", "Gar", "Mo", "Rou",
    "Bou", "Char",
];
const LAST_SYLLABLES: [&str; 32] = [
    "mas", "taing", "fana", "caze", "selme", "tier", "nier", "tin", "nard", "pont", "roy", "cia",
    "reau", "ssel", "cher", "pentier", "val", "ret", "don", "gnes", "lier", "dier", "teau",
    "ville", "guet", "bert", "quin", "zac", "court", "mont", "fort", "gal",
];

fn pick<const N: usize>(names: &[&'static str; N], place: u32) -> &'static str {
    let place = usize::try_from(place).unwrap_or_default() % N;
    names.get(place).copied().unwrap_or_default()
}

fn siret_of(agent: u32) -> Siret {
    siret(agent % ORGANISATIONS + 1)
}

/// The professional address of an agent.
pub fn email(agent: u32) -> String {
    format!("agent-{agent}@interieur.gouv.fr")
}

fn attributes(agent: u32) -> Attributes {
    Attributes {
        given_name: pick(&GIVEN_NAMES, agent).to_owned(),
        usual_name: format!(
            "{}{}",
            pick(&FIRST_SYLLABLES, agent / 16),
            pick(&LAST_SYLLABLES, agent / 256)
        ),
        email: email(agent),
        uid: agent.to_string(),
        organizational_unit: Some("Bureau des missions".to_owned()),
        population: Some(Population::Agent),
        phone: None,
        chorusdt: None,
        custom: serde_json::Map::new(),
    }
}

/// An agent as the directory knows them: ids are spread as those of real sign-ins are.
pub fn known(agent: u32, now: Timestamp) -> KnownAgent {
    let time = u128::from(now.millis().unsigned_abs()) << 80;
    let spread = u128::from(agent).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060) & ((1 << 62) - 1);
    KnownAgent {
        provider: PROVIDER.to_owned(),
        subject: agent.to_string(),
        agent: Agent {
            id: AgentId::from_u128(time | 0x7 << 76 | 0b10 << 62 | spread),
            state: AgentState::Active,
            organisation: id_of_siret(siret_of(agent).as_str()),
            attributes: attributes(agent),
        },
    }
}

/// The same agent, just proved by the provider.
pub fn vouched(agent: u32, now: Timestamp) -> Vouched {
    Vouched {
        provider: PROVIDER.to_owned(),
        subject: agent.to_string(),
        attributes: attributes(agent),
        siret: Some(siret_of(agent)),
        siret_stated: true,
        confined: false,
        fallback: id_of_siret(siret(1).as_str()),
        acr: Acr::Eidas1,
        amr: vec!["pwd".to_owned()],
        auth_time: now,
        auth_time_stated: true,
        upstream_id_token: None,
        browser: Browser::default(),
        standing: None,
    }
}
