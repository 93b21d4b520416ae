//! Whom a rule takes in: what is decided for one agent is what the database counts and lists.

use identity::domain::agent::{Agent, AgentState, Attributes};
use identity::domain::organisation::{Organisation, id_of_siret};
use identity::store;
use identity::upstream::Siret;
use kernel::port::Membership;
use kernel::{AgentId, Audience, OrganisationId, Population, Profile, Timestamp};
use kernel_db::DbError;
use kernel_db::testing::TestDb;
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

kernel_db::store_suite!(
    &[identity::MIGRATIONS];
    a_rule_takes_in_the_same_agents_in_memory_and_in_the_database,
    heads_follow_each_change_of_an_agent_added_up_or_not,
    a_moved_administration_takes_those_below_along,
    administrations_in_a_circle_end_it,
);

const NOW: Timestamp = Timestamp::from_millis(1_000);
/// Administrations; the last two have no row, as when nobody configured them.
const ORGANISATIONS: u128 = 12;
const AGENTS: u128 = 60;

/// A SIRET of our own making, and its administration.
fn siret(number: u128) -> Siret {
    let body = format!("{:013}", 1_100_000_000_000 + number);
    let digits = (0..10).map(|check| format!("{body}{check}"));
    let mut valid = digits.filter_map(|text| Siret::parse(&text).ok());
    valid.next().expect("a check digit")
}

fn organisation_id(number: u128) -> OrganisationId {
    id_of_siret(siret(number).as_str())
}

fn organisation(number: u128, parent: Option<u128>) -> Organisation {
    Organisation {
        id: organisation_id(number),
        siret: siret(number),
        label: format!("Administration {number}"),
        legal_category: None,
        parent: parent.map(organisation_id),
    }
}

fn agent(number: u128) -> Agent {
    let populations = [
        None,
        Some(Population::Agent),
        Some(Population::Prestataire),
        Some(Population::Partenaire),
        Some(Population::Stagiaire),
    ];
    let states = [
        AgentState::PreCreated,
        AgentState::Active,
        AgentState::Active,
        AgentState::Suspended,
        AgentState::Guest,
    ];
    let place = usize::try_from(number).expect("small");
    Agent {
        id: AgentId::from_u128(number),
        state: states[place % states.len()],
        organisation: organisation_id(number * 7 % ORGANISATIONS),
        attributes: Attributes {
            given_name: "Claire".to_owned(),
            usual_name: format!("Nom{number}"),
            email: format!("a{number}@interieur.gouv.fr"),
            uid: number.to_string(),
            organizational_unit: None,
            population: populations[place % populations.len()],
            phone: None,
            chorusdt: None,
            custom: serde_json::Map::new(),
        },
    }
}

async fn write(test: &TestDb, organisations: Vec<Organisation>, agents: Vec<Agent>) {
    let written: Result<(), DbError> = test
        .db
        .write(move |tx| {
            let (organisations, agents) = (organisations.clone(), agents.clone());
            Box::pin(async move {
                for organisation in &organisations {
                    store::organisation::upsert(tx, organisation, NOW).await?;
                }
                for agent in &agents {
                    store::agent::insert(tx, agent, NOW).await?;
                }
                Ok(())
            })
        })
        .await;
    written.expect("written");
}

async fn ancestors(test: &TestDb, number: u128) -> Vec<OrganisationId> {
    let id = organisation_id(number);
    let read = test
        .db
        .read(move |tx| Box::pin(store::organisation::ancestors(tx, id)));
    read.await.expect("read")
}

fn ids(numbers: &[u128]) -> Vec<OrganisationId> {
    numbers.iter().copied().map(organisation_id).collect()
}

/// Rules over these administrations and agents, and a few that do not exist.
fn rules() -> impl Strategy<Value = Audience> {
    let population = prop_oneof![
        Just(Population::Agent),
        Just(Population::Prestataire),
        Just(Population::Partenaire),
        Just(Population::Stagiaire),
    ];
    let leaf = prop_oneof![
        Just(Audience::Everyone),
        (0..=ORGANISATIONS, any::<bool>()).prop_map(|(number, subtree)| Audience::Organisation {
            id: organisation_id(number),
            subtree,
        }),
        population.prop_map(Audience::Population),
        (0..=AGENTS).prop_map(|number| Audience::Agent(AgentId::from_u128(number))),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Audience::All),
            vec(inner.clone(), 0..4).prop_map(Audience::Any),
            inner.prop_map(|rule| Audience::Not(Box::new(rule))),
        ]
    })
}

async fn a_rule_takes_in_the_same_agents_in_memory_and_in_the_database(test: TestDb) {
    // A tree of three levels, a child written before its parent, a parent without a row.
    let tree = [
        (0, None),
        (1, Some(0)),
        (2, Some(3)),
        (3, Some(1)),
        (4, Some(0)),
    ]
    .into_iter()
    .chain([
        (5, None),
        (6, Some(5)),
        (7, Some(11)),
        (8, Some(6)),
        (9, None),
    ]);
    let organisations = tree.map(|(number, parent)| organisation(number, parent));
    let agents: Vec<Agent> = (0..AGENTS).map(agent).collect();
    write(&test, organisations.collect(), agents.clone()).await;
    assert_eq!(ancestors(&test, 2).await, ids(&[3, 1, 0]));

    let mut members: Vec<Membership> = Vec::new();
    let mut guests: Vec<Membership> = Vec::new();
    for agent in agents {
        let (id, organisation) = (agent.id, agent.organisation);
        let read = test
            .db
            .read(move |tx| Box::pin(store::directory::membership(tx, id)));
        let listed = read.await.expect("read");
        let is_agent = !matches!(agent.state, AgentState::Suspended | AgentState::Guest);
        assert_eq!(listed.is_some(), is_agent);
        if agent.state == AgentState::Guest {
            guests.push(Membership {
                agent: id,
                organisation,
                ancestors: Vec::new(),
                population: Population::Partenaire,
            });
        }
        let Some(member) = listed else { continue };
        assert_eq!(member.organisation, organisation);
        members.push(member);
    }
    let mut runner = TestRunner::deterministic();
    let strategy = rules();
    for _ in 0..200 {
        let rule = strategy.new_tree(&mut runner).expect("a rule").current();
        rule.check().expect("within limits");
        // The rows of guests are among those that the database looks at.
        for guest in &guests {
            let profile = Profile {
                guest: true,
                ..guest.profile()
            };
            assert!(!rule.includes(&profile), "{rule:?}");
        }
        let expected: Vec<&Membership> = members
            .iter()
            .filter(|member| rule.includes(&member.profile()))
            .collect();
        let expected_ids: Vec<AgentId> = expected.iter().map(|member| member.agent).collect();
        let asked = rule.clone();
        let (found, mut counts) = test
            .db
            .read(move |tx| {
                let rule = asked.clone();
                Box::pin(async move {
                    let mut found = store::audience::members(tx, &rule, None, 20).await?;
                    while let Some(last) = found.last().copied() {
                        let more = store::audience::members(tx, &rule, Some(last), 20).await?;
                        if more.is_empty() {
                            break;
                        }
                        found.extend(more);
                    }
                    let counts = store::audience::head_counts(tx, &rule).await?;
                    Ok::<_, DbError>((found, counts))
                })
            })
            .await
            .expect("read");
        assert_eq!(found, expected_ids, "{rule:?}");
        counts.sort_unstable();
        let mut expected_counts: Vec<(OrganisationId, u64)> = Vec::new();
        for member in expected {
            match expected_counts
                .iter_mut()
                .find(|(id, _)| *id == member.organisation)
            {
                Some((_, heads)) => *heads += 1,
                None => expected_counts.push((member.organisation, 1)),
            }
        }
        expected_counts.sort_unstable();
        assert_eq!(counts, expected_counts, "{rule:?}");
    }
}

/// What is counted, beside the agents themselves.
async fn counted(test: &TestDb) -> (Vec<(OrganisationId, u64)>, Vec<(OrganisationId, u64)>) {
    let read = test.db.read(|tx| {
        Box::pin(async move {
            let mut counted = store::audience::head_counts(tx, &Audience::Everyone).await?;
            counted.sort_unstable();
            let rows = tx
                .query(
                    "SELECT organisation, COUNT(*) AS n FROM identity_agent
                     WHERE state IN ('pre-created', 'active')
                     GROUP BY organisation ORDER BY organisation",
                    &[],
                )
                .await?;
            let mut there = Vec::new();
            for row in &rows {
                there.push((
                    row.get("organisation")?,
                    row.get::<i64>("n")?.unsigned_abs(),
                ));
            }
            Ok::<_, DbError>((counted, there))
        })
    });
    read.await.expect("read")
}

async fn heads_follow_each_change_of_an_agent_added_up_or_not(test: TestDb) {
    write(&test, Vec::new(), (0..AGENTS).map(agent).collect()).await;
    for change in [
        "UPDATE identity_agent SET state = 'departed' WHERE uid IN ('1', '2', '3')",
        "UPDATE identity_agent SET state = 'active' WHERE uid IN ('2', '7')",
        "UPDATE identity_agent SET population = NULL WHERE uid < '3'",
        "UPDATE identity_agent SET population = 'stagiaire' WHERE uid < '2'",
        "UPDATE identity_agent SET organisation = (
             SELECT organisation FROM identity_agent WHERE uid = '8') WHERE uid < '3'",
        "UPDATE identity_agent SET state = 'active', organisation = (
             SELECT organisation FROM identity_agent WHERE uid = '9') WHERE uid > '5'",
        "DELETE FROM identity_agent WHERE uid < '2'",
        "UPDATE identity_agent SET phone = '1'",
    ] {
        let changed = test.db.write(move |tx| Box::pin(tx.execute(change, &[])));
        assert!(changed.await.expect("written") > 0, "{change}");
        let (counts, there) = counted(&test).await;
        assert_eq!(counts, there, "{change}");
        let added = test.db.write(|tx| Box::pin(store::head::add_up(tx, 7)));
        added.await.expect("written");
        assert_eq!(counted(&test).await.0, there, "{change}");
    }
    let all = test.db.write(|tx| Box::pin(store::head::add_up(tx, 1_000)));
    assert!(all.await.expect("written") > 0);
    let none = test.db.write(|tx| Box::pin(store::head::add_up(tx, 1_000)));
    assert_eq!(none.await.expect("written"), 0);
    let (counts, there) = counted(&test).await;
    assert_eq!(counts, there);
}

async fn a_moved_administration_takes_those_below_along(test: TestDb) {
    let first = [(0, None), (1, Some(0)), (2, Some(1)), (5, None)];
    let organisations = first.map(|(number, parent)| organisation(number, parent));
    write(&test, organisations.to_vec(), Vec::new()).await;
    assert_eq!(ancestors(&test, 2).await, ids(&[1, 0]));
    write(&test, vec![organisation(1, Some(5))], Vec::new()).await;
    assert_eq!(ancestors(&test, 2).await, ids(&[1, 5]));
    assert_eq!(ancestors(&test, 1).await, ids(&[5]));
    write(&test, vec![organisation(1, None)], Vec::new()).await;
    assert_eq!(ancestors(&test, 2).await, ids(&[1]));
    assert_eq!(ancestors(&test, 1).await, []);
}

async fn administrations_in_a_circle_end_it(test: TestDb) {
    let circle = [
        (0, Some(2)),
        (1, Some(0)),
        (2, Some(1)),
        (3, Some(0)),
        (4, Some(4)),
    ];
    let organisations = circle.map(|(number, parent)| organisation(number, parent));
    write(&test, organisations.to_vec(), Vec::new()).await;
    assert_eq!(ancestors(&test, 0).await, ids(&[2, 1]));
    assert_eq!(ancestors(&test, 3).await, ids(&[0, 2, 1]));
    assert_eq!(ancestors(&test, 4).await, []);
}
