//! The directory of the whole State: 400,000 agents. Run by name, alone, and read its figures:
//! `cargo nextest run -p identity --run-ignored only --no-capture people_scale`
//! (`--cargo-profile demo` for what the program does).
#![expect(
    clippy::disallowed_methods,
    reason = "how long an answer takes is what is measured here"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use identity::domain::agent::{Agent, AgentState, Attributes};
use identity::domain::organisation::{Organisation, id_of_siret};
use identity::domain::words::Entries;
use identity::store;
use identity::upstream::Siret;
use kernel::port::Directory as _;
use kernel::{AgentId, Audience, Limit, Population, RngExt as _, Timestamp};
use kernel_db::testing::{TestDb, run};
use kernel_db::{Backend, DbError, Value, values};
use testkit::{SeededRng, callers};

use crate::support::State;

const AGENTS: usize = 400_000;
const TOGETHER: usize = 500;
const NOW: Timestamp = Timestamp::from_millis(1_000);
const GIVEN: [&str; 40] = [
    "Claire",
    "Hugo",
    "Paul",
    "Marie",
    "Jean",
    "Pierre",
    "Camille",
    "Léa",
    "Louis",
    "Emma",
    "Jules",
    "Inès",
    "Nadia",
    "Karim",
    "Yann",
    "Solène",
    "Étienne",
    "Lucie",
    "Thomas",
    "Antoine",
    "Julie",
    "Sarah",
    "Manon",
    "Chloé",
    "Nicolas",
    "Alexandre",
    "Maxime",
    "Lucas",
    "Théo",
    "Nathan",
    "Adam",
    "Raphaël",
    "Arthur",
    "Gabriel",
    "Alice",
    "Jeanne",
    "Rose",
    "Anna",
    "Louise",
    "Jean-Noël",
];
const BEGIN: [&str; 32] = [
    "Ba", "Be", "Bou", "Bre", "Ca", "Cha", "Cor", "Da", "Del", "Dou", "Fa", "Fer", "Ga", "Gui",
    "Ha", "Jo", "La", "Lef", "Mar", "Mer", "Mo", "Na", "Pa", "Per", "Ra", "Ro", "Sa", "Si", "Ta",
    "Va", "Ver", "Ze",
];
const MIDDLE: [&str; 16] = [
    "ba", "de", "ge", "le", "li", "ma", "mi", "na", "ni", "pe", "ra", "re", "ri", "ti", "to", "vi",
];
const END: [&str; 20] = [
    "nd", "rd", "t", "ult", "in", "on", "ier", "et", "eau", "as", "ac", "aud", "lle", "ne", "mas",
    "ez", "ron", "vin", "lin", "tier",
];
const UNIT: [&str; 24] = [
    "direction",
    "générale",
    "service",
    "bureau",
    "mission",
    "département",
    "secrétariat",
    "finances",
    "ressources",
    "humaines",
    "numérique",
    "sécurité",
    "préfecture",
    "police",
    "territoires",
    "agriculture",
    "santé",
    "logistique",
    "juridique",
    "communication",
    "budget",
    "audit",
    "réseaux",
    "formation",
];

/// As people type, letter by letter.
const TYPED: [&str; 10] = [
    "claire delmas",
    "martin",
    "del cla",
    "jean noel martin",
    "mission sécurité",
    "ron z",
    "agriculture budget paul",
    "camille.delmas@interieur.gouv.fr",
    "direction de la mission",
    "zemas",
];

#[test]
#[ignore = "minutes: fills 400,000 agents"]
fn the_whole_state_on_sqlite() {
    run(Backend::Sqlite, &[identity::MIGRATIONS], |test| {
        measure("SQLite", test)
    });
}

#[test]
#[ignore = "minutes: fills 400,000 agents"]
fn the_whole_state_on_postgres() {
    run(Backend::Postgres, &[identity::MIGRATIONS], |test| {
        measure("PostgreSQL", test)
    });
}

/// A draw below `n`, the small ones far more often when `steep`.
fn draw(rng: &SeededRng, n: usize, steep: bool) -> usize {
    let bytes: [u8; 4] = rng.bytes();
    let whole = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
    let part = if steep { whole.powi(4) } else { whole };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    let place = (part * n as f64) as usize;
    place.min(n - 1)
}

/// Sixty administrations, three to each of fifteen ministries and a level below.
fn organisations() -> Vec<Organisation> {
    let siret = |number: usize| {
        let body = format!("{:013}", 1_100_000_000_000_usize + number);
        let digits = (0..10).map(|check| format!("{body}{check}"));
        let mut valid = digits.filter_map(|text| Siret::parse(&text).ok());
        valid.next().expect("a check digit")
    };
    let id = |number: usize| id_of_siret(siret(number).as_str());
    let one = |number: usize| Organisation {
        id: id(number),
        siret: siret(number),
        label: format!("Administration {number}"),
        legal_category: None,
        parent: number.checked_sub(15).map(id),
    };
    (0..60).map(one).collect()
}

fn agent(number: usize, rng: &SeededRng, organisations: &[Organisation]) -> Agent {
    let pick = |words: &[&str]| words[draw(rng, words.len(), false)].to_owned();
    let usual = match draw(rng, 50, false) {
        0 => "Martin".to_owned(),
        1 => format!("{}{}-Martin", pick(&BEGIN), pick(&END)),
        2..=20 => pick(&BEGIN) + &pick(&END),
        _ => pick(&BEGIN) + &pick(&MIDDLE) + &pick(&END),
    };
    let given = pick(&GIVEN);
    let unit: Vec<String> = (0..2 + draw(rng, 3, false)).map(|_| pick(&UNIT)).collect();
    let local = kernel::fold(&format!("{given}.{usual}")).replace(' ', "-");
    let populations = [None, Some(Population::Agent), Some(Population::Prestataire)];
    Agent {
        id: AgentId::new(NOW.plus(Duration::from_millis(number as u64)), rng),
        state: [AgentState::PreCreated, AgentState::Active][draw(rng, 2, false)],
        organisation: organisations[draw(rng, organisations.len(), true)].id,
        attributes: Attributes {
            given_name: given,
            usual_name: usual,
            email: format!("{local}{number}@interieur.gouv.fr"),
            uid: number.to_string(),
            organizational_unit: Some(unit.join(" de la ")),
            population: populations[draw(rng, 3, false)],
            phone: Some("01 02 03 04 05".to_owned()),
            chorusdt: None,
            custom: serde_json::Map::new(),
        },
    }
}

/// Writes everybody: rows, then their entries in order, as fast as a database takes them.
async fn fill(test: &TestDb, organisations: &[Organisation]) {
    let rng = SeededRng::new(7);
    let all = Arc::new(organisations.to_vec());
    let written = test.db.write(move |tx| {
        let all = Arc::clone(&all);
        Box::pin(async move {
            for organisation in all.iter() {
                store::organisation::upsert(tx, organisation, NOW).await?;
            }
            Ok::<(), DbError>(())
        })
    });
    written.await.expect("written");
    let mut entries: Vec<(i64, String, AgentId)> = Vec::new();
    for from in (0..AGENTS).step_by(TOGETHER) {
        let agents = (from..from + TOGETHER).map(|number| agent(number, &rng, organisations));
        let agents: Vec<Agent> = agents.collect();
        let rows: Vec<Vec<Value>> = agents.iter().map(row).collect();
        for agent in &agents {
            let of = Entries::of(&agent.attributes);
            entries.extend(
                of.iter()
                    .map(|(f, text)| (f.number(), text.to_owned(), agent.id)),
            );
        }
        run_each(
            test,
            "INSERT INTO identity_agent (id, state, organisation, given_name, usual_name, name_key,
                 email, uid, organizational_unit, population, phone, custom, created_at,
                 updated_at, words_version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '{}', 1, 1, 1)",
            rows,
        )
        .await;
    }
    entries.sort_unstable();
    for some in entries.chunks(8 * TOGETHER) {
        let rows = some.chunks(8).map(|eight| {
            let last = eight.last().expect("one at least");
            let padded = (0..8).map(|place| eight.get(place).unwrap_or(last).clone());
            let values = padded.flat_map(|(field, text, agent)| values![field, text, agent]);
            values.collect()
        });
        run_each(
            test,
            "INSERT INTO identity_agent_word (field, entry, agent)
             VALUES ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15),
                    ($16, $17, $18), ($19, $20, $21), ($22, $23, $24)
             ON CONFLICT DO NOTHING",
            rows.collect(),
        )
        .await;
    }
}

fn row(agent: &Agent) -> Vec<Value> {
    let known = &agent.attributes;
    let name_key = kernel::fold(&format!("{} {}", known.usual_name, known.given_name));
    values![
        agent.id,
        agent.state.word(),
        agent.organisation,
        known.given_name.as_str(),
        known.usual_name.as_str(),
        name_key,
        known.email.as_str(),
        known.uid.as_str(),
        known.organizational_unit.as_deref(),
        known.population.map(Population::claim),
        known.phone.as_deref()
    ]
    .to_vec()
}

async fn run_each(test: &TestDb, sql: &'static str, rows: Vec<Vec<Value>>) {
    let rows = Arc::new(rows);
    let written = test.db.write(move |tx| {
        let rows = Arc::clone(&rows);
        Box::pin(async move {
            for row in rows.iter() {
                tx.execute(sql, row).await?;
            }
            Ok::<(), DbError>(())
        })
    });
    written.await.expect("written");
}

/// The middle, the 95th of a hundred, and the worst.
fn figures(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3;
    format!(
        "{:6.1} ms middle, {:6.1} ms p95, {:6.1} ms worst of {}",
        at(50),
        at(95),
        at(100),
        times.len()
    )
}

async fn measure(name: &str, test: TestDb) {
    let begun = Instant::now();
    let organisations = organisations();
    fill(&test, &organisations).await;
    println!("{name}: {AGENTS} agents written in {:?}", begun.elapsed());
    let state = State::new(&test).await;
    let directory = &state.besace.identity;
    let tool = identity::tool(directory);
    let job = tool.jobs.iter().find(|job| job.kind() == "identity.heads");
    let job = job.expect("a job");
    job.run(&test.db, &serde_json::Value::Null)
        .await
        .expect("run");
    let below = |number: usize| Audience::Organisation {
        id: organisations[number].id,
        subtree: true,
    };
    let crowd = (0..60)
        .map(below)
        .chain([Audience::Population(Population::Stagiaire)]);
    for (what, audience) in [
        ("everyone", Audience::Everyone),
        ("one ministry and below", below(0)),
        (
            "a rule of 62",
            Audience::Not(Box::new(Audience::Any(crowd.collect()))),
        ),
        (
            "all but a few named",
            Audience::Not(Box::new(Audience::Any(
                (0..50)
                    .map(|n| Audience::Agent(AgentId::from_u128(n)))
                    .collect(),
            ))),
        ),
    ] {
        let mut times = Vec::new();
        let mut heads = 0;
        for _ in 0..20 {
            let begun = Instant::now();
            heads = directory
                .head_count(audience.clone())
                .await
                .expect("a count");
            times.push(begun.elapsed());
        }
        println!("{name}: head-count, {what} ({heads}): {}", figures(times));
    }
    let mut times = Vec::new();
    let mut slowest = (Duration::ZERO, String::new());
    for typed in TYPED {
        for (end, _) in typed.char_indices().skip(1) {
            let words = typed[..end].to_owned();
            let begun = Instant::now();
            let found = directory.search(words.clone(), callers::agent(1), Limit::new(8));
            found.await.expect("an answer");
            let taken = begun.elapsed();
            times.push(taken);
            slowest = slowest.max((taken, words));
        }
    }
    println!(
        "{name}: search as one types: {}; {slowest:?}",
        figures(times)
    );
    let mut person = state.person();
    person.sign_in(crate::support::CLAIRE).await;
    for number in [0, 59] {
        let mut times = Vec::new();
        let organisation = organisations[number].id;
        for _ in 0..10 {
            let begun = Instant::now();
            let path = format!("/api/v1/people?organisation={organisation}");
            assert_eq!(person.besace().get(&path).await.status, 200);
            times.push(begun.elapsed());
        }
        println!(
            "{name}: first page of administration {number}: {}",
            figures(times)
        );
    }
}
