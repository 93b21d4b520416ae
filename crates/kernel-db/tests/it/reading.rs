//! The journal read: each filter, pages that follow each other, and what proves an entry.

use std::{sync::Arc, time::Duration};

use kernel::{Act, AgentId, Clock, JournalEntry, OrganisationId, OsRng, Outcome, Timestamp};
use kernel_db::{
    Chain, Chains, DbError, Entry, JournalPlace, JournalQuery, Standing, journal_checkpoint,
    journal_extents, journal_page, journal_proof, journal_stretch, journalled_since, store_suite,
    testing::TestDb, values,
};

use crate::common::{SETS, StandingClock, journal_config, round};

store_suite!(SETS;
    each_filter_finds_what_it_says_and_nothing_else,
    pages_follow_each_other_and_give_each_entry_once,
    a_reach_of_many_chains_is_read_as_one_of_few,
    a_stretch_of_a_chain_is_in_its_order,
    an_act_that_still_waits_for_its_place_is_known,
    an_entry_is_proved_up_to_the_checkpoint,
    what_was_touched_proves_nothing,
    the_entry_after_the_boundary_is_proved_by_it,
);

const OPEN: Act = Act("identity.session.open");
const EDIT: Act = Act("portal.tool.edit");

const fn organisation(number: u32) -> Chain {
    Chain::Organisation(OrganisationId::from_u128(number as u128))
}

fn everything() -> JournalQuery {
    JournalQuery {
        chains: Chains::All,
        from: None,
        before: None,
        actors: None,
        acts: Vec::new(),
        outcome: None,
        subject: None,
    }
}

/// `entries` entries, one a second, over the system's chain (each fourth) and three others.
async fn fill(test: &TestDb, clock: &Arc<StandingClock>, entries: u32) {
    let start = clock.now();
    test.db
        .write(move |tx| {
            Box::pin(async move {
                for number in 0..entries {
                    let chain = number % 4;
                    let entry = JournalEntry {
                        at: start.plus(Duration::from_secs(u64::from(number))),
                        organisation: (chain > 0)
                            .then(|| OrganisationId::from_u128(u128::from(chain))),
                        actor: (chain > 0).then(|| AgentId::from_u128(u128::from(number % 5))),
                        act: if number % 3 == 0 { EDIT } else { OPEN },
                        subject: format!("thing:{}", number % 7),
                        outcome: if number % 10 == 0 {
                            Outcome::Refused
                        } else {
                            Outcome::Done
                        },
                        data: serde_json::json!({ "number": number }),
                        personal: Some(format!("person {number}")),
                    };
                    tx.journal(entry, &OsRng).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("entries");
    round(&test.db, test.scratch(), clock, &[], &[]).await;
}

async fn page(
    test: &TestDb,
    query: JournalQuery,
    after: Option<JournalPlace>,
    rows: i64,
) -> Vec<Entry> {
    test.db
        .read(move |tx| {
            let query = query.clone();
            Box::pin(async move { journal_page(tx, &query, after, rows).await })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("a page")
}

fn number(entry: &Entry) -> u32 {
    let data: serde_json::Value = serde_json::from_str(&entry.data).expect("JSON");
    u32::try_from(data["number"].as_u64().expect("a number")).expect("a small number")
}

/// What a filter must find among the first 400, by the same words in Rust.
fn expected(query: &JournalQuery, start: Timestamp) -> Vec<u32> {
    let mut found: Vec<u32> = (0..400)
        .filter(|number| {
            let chain = match number % 4 {
                0 => Chain::System,
                other => organisation(other),
            };
            let at = start.plus(Duration::from_secs(u64::from(*number)));
            let actor = AgentId::from_u128(u128::from(number % 5));
            let act = if number % 3 == 0 { EDIT } else { OPEN };
            let refused = number % 10 == 0;
            (match &query.chains {
                Chains::All => true,
                Chains::Of(of) => of.contains(&chain),
            }) && query.from.is_none_or(|from| at >= from)
                && query.before.is_none_or(|before| at < before)
                && query
                    .actors
                    .as_ref()
                    .is_none_or(|actors| number % 4 > 0 && actors.contains(&actor))
                && (query.acts.is_empty() || query.acts.contains(&act))
                && query
                    .outcome
                    .is_none_or(|outcome| (outcome == Outcome::Refused) == refused)
                && query
                    .subject
                    .as_ref()
                    .is_none_or(|subject| *subject == format!("thing:{}", number % 7))
        })
        .collect();
    found.reverse();
    found
}

async fn each_filter_finds_what_it_says_and_nothing_else(test: TestDb) {
    let clock = StandingClock::new();
    let start = clock.now();
    fill(&test, &clock, 400).await;
    let one = Chains::Of(vec![organisation(1), Chain::System]);
    let nobody = Chains::Of(vec![organisation(99)]);
    let at = |seconds| Some(start.plus(Duration::from_secs(seconds)));
    let actors = Some(vec![AgentId::from_u128(2), AgentId::from_u128(3)]);
    let mut asked = 0;
    for chains in [Chains::All, one, nobody] {
        for (from, before) in [(None, None), (at(100), at(300))] {
            for actors in [None, actors.clone(), Some(Vec::new())] {
                for acts in [vec![], vec![EDIT], vec![EDIT, OPEN]] {
                    for outcome in [None, Some(Outcome::Done), Some(Outcome::Refused)] {
                        for subject in [None, Some("thing:3".to_owned())] {
                            let query = JournalQuery {
                                chains: chains.clone(),
                                from,
                                before,
                                actors: actors.clone(),
                                acts: acts.clone(),
                                outcome,
                                subject,
                            };
                            let found = page(&test, query.clone(), None, 1_000).await;
                            let found: Vec<u32> = found.iter().map(number).collect();
                            assert_eq!(found, expected(&query, start), "{query:?}");
                            asked += 1;
                        }
                    }
                }
            }
        }
    }
    assert_eq!(asked, 324);
}

async fn pages_follow_each_other_and_give_each_entry_once(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 100).await;
    // Of one time: the order goes on by chain and place.
    clock.advance(Duration::from_secs(1_000));
    test.db
        .write(|tx| {
            Box::pin(async move {
                for number in 0..20_u32 {
                    let entry = JournalEntry {
                        at: Timestamp::from_millis(1_795_700_000_000),
                        organisation: (number % 3 > 0)
                            .then(|| OrganisationId::from_u128(u128::from(number % 3))),
                        actor: None,
                        act: OPEN,
                        subject: "thing:0".to_owned(),
                        outcome: Outcome::Done,
                        data: serde_json::json!({ "number": 100 + number }),
                        personal: None,
                    };
                    tx.journal(entry, &OsRng).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("entries");
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let some = Chains::Of(
        (0..4)
            .map(|n| {
                if n == 0 {
                    Chain::System
                } else {
                    organisation(n)
                }
            })
            .collect(),
    );
    for chains in [Chains::All, some] {
        let query = JournalQuery {
            chains,
            ..everything()
        };
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let some = page(&test, query.clone(), after, 7).await;
            let Some(last) = some.last() else { break };
            after = Some(last.place());
            seen.extend(some);
        }
        assert_eq!(seen.len(), 120);
        assert!(
            seen.windows(2)
                .all(|pair| pair[0].place() > pair[1].place())
        );
        assert!(seen.iter().all(Entry::is_intact));
        assert_eq!(
            seen.iter().filter(|entry| entry.personal.is_some()).count(),
            100
        );
    }
}

async fn a_reach_of_many_chains_is_read_as_one_of_few(test: TestDb) {
    let clock = StandingClock::new();
    let at = clock.now();
    test.db
        .write(move |tx| {
            Box::pin(async move {
                for number in 1..=200_u32 {
                    let entry = JournalEntry {
                        at: at.plus(Duration::from_secs(u64::from(number))),
                        organisation: Some(OrganisationId::from_u128(u128::from(number))),
                        actor: None,
                        act: OPEN,
                        subject: "thing:0".to_owned(),
                        outcome: Outcome::Done,
                        data: serde_json::json!({ "number": number }),
                        personal: None,
                    };
                    tx.journal(entry, &OsRng).await?;
                }
                Ok(())
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("entries");
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    for acts in [vec![], vec![OPEN]] {
        for most in [100, 150] {
            let query = JournalQuery {
                chains: Chains::Of((1..=most).map(organisation).collect()),
                acts: acts.clone(),
                ..everything()
            };
            let found = page(&test, query, None, 5).await;
            let found: Vec<u32> = found.iter().map(number).collect();
            let expected: Vec<u32> = (most - 4..=most).rev().collect();
            assert_eq!(found, expected);
        }
    }
}

async fn a_stretch_of_a_chain_is_in_its_order(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 400).await;
    let (extents, found) = test
        .db
        .read(|tx| {
            Box::pin(async move {
                let one = Chains::Of(vec![organisation(1), organisation(99)]);
                let extents = journal_extents(tx, &one).await?;
                let query = JournalQuery {
                    acts: vec![EDIT],
                    ..everything()
                };
                let found = journal_stretch(tx, &query, organisation(1), 10, 20).await?;
                Ok((extents, found))
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("a stretch");
    assert_eq!(extents.len(), 1);
    assert_eq!((extents[0].gone, extents[0].last), (0, 100));
    let places: Vec<i64> = found.iter().map(|entry| entry.seq).collect();
    // The places 11 to 20 hold the numbers 41, 45, … 77.
    assert_eq!(places, [12, 15, 18]);
}

async fn an_act_that_still_waits_for_its_place_is_known(test: TestDb) {
    let clock = StandingClock::new();
    let now = clock.now();
    let who = AgentId::from_u128(4);
    let known = async |since, data: Option<&'static str>| {
        test.db
            .read(move |tx| {
                Box::pin(async move { journalled_since(tx, who, OPEN, since, data).await })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("an answer")
    };
    assert!(!known(now, None).await);
    test.db
        .write(move |tx| {
            Box::pin(async move {
                let entry = JournalEntry {
                    at: now,
                    organisation: None,
                    actor: Some(who),
                    act: OPEN,
                    subject: "journal:system".to_owned(),
                    outcome: Outcome::Done,
                    data: serde_json::json!({ "a": 1 }),
                    personal: None,
                };
                tx.journal(entry, &OsRng).await
            })
        })
        .await
        .map_err(|error: DbError| error)
        .expect("an entry");
    for _ in 0..2 {
        assert!(known(now, None).await);
        assert!(known(now, Some(r#"{"a":1}"#)).await);
        assert!(!known(now, Some(r#"{"a":2}"#)).await);
        assert!(!known(now.plus(Duration::from_millis(1)), None).await);
        round(&test.db, test.scratch(), &clock, &[], &[]).await;
    }
}

async fn an_entry_is_proved_up_to_the_checkpoint(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 400).await;
    let config = journal_config(test.scratch());
    let seen = journal_checkpoint(&config)
        .await
        .expect("read")
        .expect("a checkpoint");
    assert_eq!(seen.at, clock.now());
    assert!(seen.seen.contains(&(organisation(2), 100)));
    let proof = async |chain, seq| {
        journal_proof(&test.db, &config, chain, seq)
            .await
            .expect("read")
    };
    for seq in [1, 57, 100] {
        let proof = proof(organisation(2), seq).await.expect("an entry");
        assert_eq!(proof.standing, Standing::Covered);
        assert_eq!(
            (proof.verified_up_to, proof.checkpoint_seq),
            (100, Some(100))
        );
        assert_eq!(proof.checkpoint_at, Some(seen.at));
    }
    assert_eq!(proof(organisation(2), 101).await, None);
    assert_eq!(proof(organisation(99), 1).await, None);
    let old = std::fs::read(&config.checkpoint_file).expect("a checkpoint");
    fill(&test, &clock, 8).await;
    std::fs::write(&config.checkpoint_file, old).expect("the older checkpoint");
    let young = proof(organisation(2), 101).await.expect("an entry");
    assert_eq!(young.standing, Standing::Young);
    assert_eq!((young.verified_up_to, young.checkpoint_seq), (101, None));
}

async fn what_was_touched_proves_nothing(test: TestDb) {
    fill(&test, &StandingClock::new(), 400).await;
    let config = journal_config(test.scratch());
    let standing = async |chain, seq| {
        let proof = journal_proof(&test.db, &config, chain, seq).await;
        proof.expect("read").map(|proof| proof.standing)
    };
    let tamper = async |sql: &'static str| {
        let rows = test
            .db
            .write(move |tx| Box::pin(async move { tx.execute(sql, &values![]).await }))
            .await
            .map_err(|error: DbError| error)
            .expect("tampering");
        assert!(rows > 0, "nothing was touched");
    };
    tamper("UPDATE journal_entry SET subject = 'thing:other' WHERE seq = 50 AND act = 'portal.tool.edit'").await;
    let touched = [
        Chain::System,
        organisation(1),
        organisation(2),
        organisation(3),
    ];
    let mut broken = 0;
    for chain in touched {
        let found = standing(chain, 50).await;
        let before = standing(chain, 20).await;
        assert_eq!(found, before, "a link after an entry breaks its proof too");
        assert_eq!(standing(chain, 51).await, Some(Standing::Covered));
        broken += u32::from(found == Some(Standing::Broken));
    }
    assert!((1..4).contains(&broken), "{broken}");
    tamper("DELETE FROM journal_entry WHERE seq = 80").await;
    assert_eq!(standing(organisation(1), 81).await, Some(Standing::Broken));
    let text = std::fs::read_to_string(&config.checkpoint_file).expect("a checkpoint");
    std::fs::write(
        &config.checkpoint_file,
        text.replace("\"seq\": 100", "\"seq\": 99"),
    )
    .expect("forged");
    assert_eq!(standing(organisation(1), 90).await, Some(Standing::Broken));
}

async fn the_entry_after_the_boundary_is_proved_by_it(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 40).await;
    clock.advance(Duration::from_hours(300 * 24));
    fill(&test, &clock, 40).await;
    clock.advance(Duration::from_hours(100 * 24));
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let config = journal_config(test.scratch());
    let first = journal_proof(&test.db, &config, organisation(1), 11)
        .await
        .expect("read")
        .expect("an entry");
    assert_eq!(first.standing, Standing::Covered);
    let gone = journal_proof(&test.db, &config, organisation(1), 10).await;
    assert_eq!(gone.expect("read"), None);
}

/// `cargo nextest run -p kernel-db --run-ignored only a_million` prints how long pages take.
mod scale {
    use std::time::Instant;

    use kernel_db::{Backend, testing};

    use super::*;

    #[expect(clippy::disallowed_methods, reason = "a measure of time")]
    fn measured_now() -> Instant {
        Instant::now()
    }

    const ENTRIES: i64 = 1_000_000;
    const CHAINS: i64 = 120;

    /// A year of a State: most are sign-ins, a few hundred acts are rare, two in a hundred refused;
    /// the first chain has half of it all, the last a handful.
    async fn fill(test: &TestDb) {
        for start in (0..ENTRIES).step_by(5_000) {
            test.db
                .write(move |tx| {
                    Box::pin(async move {
                        for number in start..start + 5_000 {
                            insert(tx, number).await?;
                        }
                        Ok(())
                    })
                })
                .await
                .map_err(|error: DbError| error)
                .expect("entries");
        }
        test.db
            .write(|tx| {
                Box::pin(async move {
                    tx.execute(
                        "INSERT INTO journal_head (chain, seq, hash) \
                         SELECT chain, MAX(seq), MAX(hash) FROM journal_entry GROUP BY chain",
                        &values![],
                    )
                    .await
                })
            })
            .await
            .map_err(|error: DbError| error)
            .expect("heads");
    }

    async fn insert(tx: &mut kernel_db::Tx, number: i64) -> Result<(), DbError> {
        let of = if number % 2 == 0 {
            1
        } else if number % 100_003 == 1 {
            CHAINS
        } else {
            1 + number % (CHAINS - 1)
        };
        let act = match number % 5_000 {
            0 => "portal.tool.publish",
            1..=2 => "identity.role.grant",
            _ => "identity.session.open",
        };
        let agent = AgentId::from_u128(u128::try_from(number % 20_011).expect("a number"));
        let chain = Chain::Organisation(OrganisationId::from_u128(
            u128::try_from(of).expect("a number"),
        ));
        tx.execute(
            "INSERT INTO journal_entry (chain, seq, at, actor, act, subject, outcome, data, \
             personal_digest, prev_hash, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)",
            &values![
                chain,
                number,
                1_760_000_000_000 + number * 31_000,
                agent,
                act,
                format!("session:0193b3a0-0000-7000-8000-{number:012}"),
                if number % 53 == 7 { "refused" } else { "done" },
                r#"{"acr":"eidas1","provider":"interieur"}"#,
                [7_u8; 32],
                [8_u8; 32],
            ],
        )
        .await?;
        Ok(())
    }

    /// What people ask, by name.
    fn asked() -> Vec<(&'static str, JournalQuery)> {
        let one = |number| Chains::Of(vec![organisation(number)]);
        let many = Chains::Of((1..=100).map(organisation).collect());
        let grants = vec![Act("identity.role.grant"), Act("identity.role.revoke")];
        let with = |chains: &Chains| JournalQuery {
            chains: chains.clone(),
            ..everything()
        };
        let mut asked = Vec::new();
        for (name, chains) in [
            ("all", Chains::All),
            ("the largest", one(1)),
            (
                "the smallest",
                one(u32::try_from(CHAINS).expect("a number")),
            ),
            ("a ministry of 100", many),
        ] {
            let of = |query| (name, query);
            asked.push(of(with(&chains)));
            asked.push(of(JournalQuery {
                acts: vec![OPEN],
                ..with(&chains)
            }));
            asked.push(of(JournalQuery {
                acts: grants.clone(),
                ..with(&chains)
            }));
            asked.push(of(JournalQuery {
                outcome: Some(Outcome::Refused),
                ..with(&chains)
            }));
            asked.push(of(JournalQuery {
                actors: Some((0..50).map(AgentId::from_u128).collect()),
                ..with(&chains)
            }));
            asked.push(of(JournalQuery {
                subject: Some("session:0193b3a0-0000-7000-8000-000000500000".to_owned()),
                ..with(&chains)
            }));
            asked.push(of(JournalQuery {
                from: Some(Timestamp::from_millis(1_770_000_000_000)),
                before: Some(Timestamp::from_millis(1_775_000_000_000)),
                ..with(&chains)
            }));
        }
        asked
    }

    async fn pages_of_a_million_entries(test: TestDb) {
        fill(&test).await;
        let mut times = Vec::new();
        for round in 0..10 {
            for (name, query) in asked() {
                let start = measured_now();
                let found = page(&test, query.clone(), None, 51).await;
                let took = start.elapsed();
                times.push(took);
                if round == 9 {
                    let (acts, outcome) = (query.acts.len(), query.outcome);
                    eprintln!(
                        "{took:>10.1?} {:>3} of {name}: {acts} acts, {outcome:?}, who {}, what {}, when {}",
                        found.len(),
                        query.actors.is_some(),
                        query.subject.is_some(),
                        query.from.is_some()
                    );
                }
            }
        }
        times.sort_unstable();
        let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
        eprintln!("p50 {:?}, p95 {:?}, p99 {:?}", at(50), at(95), at(99));
        assert!(at(95) <= Duration::from_millis(50), "p95 {:?}", at(95));
    }

    #[test]
    #[ignore = "writes a million entries: a measure"]
    fn a_million_on_sqlite() {
        testing::run(Backend::Sqlite, SETS, pages_of_a_million_entries);
    }

    #[test]
    #[ignore = "writes a million entries: a measure"]
    fn a_million_on_postgres() {
        testing::run(Backend::Postgres, SETS, pages_of_a_million_entries);
    }
}
