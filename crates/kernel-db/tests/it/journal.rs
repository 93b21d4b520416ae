//! The journal: whole when untouched, and each kind of tampering found.

use std::{sync::Arc, time::Duration};

use kernel::{Clock, OrganisationId, OsRng};
use kernel_db::{
    Chain, CheckpointError, Db, DbError, Finding, JournalConfig, JournalKey, VerifyReport,
    boundaries_to_resign, resign_boundaries, resign_checkpoint, store_suite, testing::TestDb,
    values, verify, workers,
};

use crate::common::{SETS, StandingClock, entry, journal_config, round};

store_suite!(SETS;
    an_untouched_journal_passes,
    an_entry_younger_than_the_checkpoint_passes,
    an_altered_row_is_found,
    a_removed_row_is_found,
    an_altered_name_is_found_and_an_erased_one_is_not,
    a_cut_tail_is_found,
    a_chain_that_is_gone_is_found,
    a_rebuilt_chain_is_found,
    a_forged_or_missing_checkpoint_is_found,
    an_altered_head_is_found,
    months_older_than_a_year_leave_and_the_rest_still_passes,
    a_forged_boundary_is_found,
    after_a_change_of_the_key_what_the_old_one_signed_is_believed_then_signed_anew,
    two_sequencers_at_once_make_one_chain,
    a_checkpoint_is_not_written_over_what_it_contradicts,
);

const ORGANISATION: Chain = Chain::Organisation(OrganisationId::from_u128(9));

/// Adds entries to both chains and sequences them.
async fn fill(test: &TestDb, clock: &Arc<StandingClock>, entries: u32) {
    write(&test.db, clock, entries).await;
    round(&test.db, test.scratch(), clock, &[], &[]).await;
}

async fn write(db: &Db, clock: &Arc<StandingClock>, entries: u32) {
    let at = clock.now();
    db.write(move |tx| {
        Box::pin(async move {
            for number in 0..entries {
                let organisation = (number % 2 == 1).then_some(9);
                tx.journal(entry(organisation, &format!("thing:{number}"), at), &OsRng)
                    .await?;
            }
            Ok(())
        })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("entries");
}

async fn report(test: &TestDb) -> VerifyReport {
    let config = journal_config(test.scratch());
    verify(&test.db, &config.checkpoint_file, &config.key)
        .await
        .expect("a report")
}

/// What somebody with the database's password does.
async fn tamper(test: &TestDb, sql: &'static str) {
    let rows = test
        .db
        .write(move |tx| Box::pin(async move { tx.execute(sql, &values![]).await }))
        .await
        .map_err(|error: DbError| error)
        .expect("tampering");
    assert!(rows > 0, "nothing was touched");
}

async fn an_untouched_journal_passes(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 1_300).await;
    fill(&test, &clock, 7).await;
    let report = report(&test).await;
    assert!(report.is_intact(), "{report:?}");
    assert_eq!((report.chains, report.entries), (2, 1_307));
    assert_eq!(report.checkpoint_at, Some(clock.now()));
}

async fn an_entry_younger_than_the_checkpoint_passes(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 4).await;
    let config = journal_config(test.scratch());
    let old = std::fs::read(&config.checkpoint_file).expect("a checkpoint");
    fill(&test, &clock, 4).await;
    std::fs::write(&config.checkpoint_file, old).expect("the older checkpoint");
    let report = report(&test).await;
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, 8);
}

async fn an_altered_row_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(
        &test,
        "UPDATE journal_entry SET subject = 'thing:other' WHERE seq = 5 AND subject = 'thing:8'",
    )
    .await;
    assert_eq!(
        report(&test).await.findings,
        [Finding::Altered {
            chain: Chain::System,
            seq: 5
        }]
    );
}

async fn a_removed_row_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(
        &test,
        "DELETE FROM journal_entry WHERE seq = 1 AND subject = 'thing:1'",
    )
    .await;
    assert_eq!(
        report(&test).await.findings,
        [Finding::Missing {
            chain: ORGANISATION,
            seq: 1
        }]
    );
}

async fn an_altered_name_is_found_and_an_erased_one_is_not(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(&test, "DELETE FROM journal_personal WHERE seq = 3").await;
    assert!(report(&test).await.is_intact());
    tamper(
        &test,
        "UPDATE journal_personal SET personal = 'karim' WHERE seq = 4",
    )
    .await;
    assert_eq!(report(&test).await.findings.len(), 2);
}

async fn a_cut_tail_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(&test, "DELETE FROM journal_entry WHERE seq > 7").await;
    tamper(
        &test,
        "UPDATE journal_head SET seq = 7, hash = (SELECT hash FROM journal_entry e \
         WHERE e.chain = journal_head.chain AND e.seq = 7)",
    )
    .await;
    let findings = report(&test).await.findings;
    assert_eq!(findings.len(), 2, "{findings:?}");
    assert!(findings.contains(&Finding::CutTail {
        chain: Chain::System,
        found: 7,
        expected: 10
    }));
}

async fn a_chain_that_is_gone_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(&test, "DELETE FROM journal_entry").await;
    tamper(&test, "DELETE FROM journal_head").await;
    let findings = report(&test).await.findings;
    assert!(findings.contains(&Finding::CutTail {
        chain: ORGANISATION,
        found: 0,
        expected: 10
    }));
}

async fn a_rebuilt_chain_is_found(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 20).await;
    let config = journal_config(test.scratch());
    let genuine = std::fs::read(&config.checkpoint_file).expect("a checkpoint");
    // Everything is thrown away and written anew by the program itself, longer than before.
    tamper(&test, "DELETE FROM journal_entry").await;
    tamper(&test, "DELETE FROM journal_personal").await;
    tamper(&test, "DELETE FROM journal_head").await;
    std::fs::remove_file(&config.checkpoint_file).expect("removed");
    fill(&test, &clock, 30).await;
    assert!(report(&test).await.is_intact());
    std::fs::write(&config.checkpoint_file, genuine).expect("the genuine checkpoint");
    let findings = report(&test).await.findings;
    assert!(
        findings.contains(&Finding::Rebuilt {
            chain: Chain::System,
            seq: 10
        }),
        "{findings:?}"
    );
}

async fn a_forged_or_missing_checkpoint_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 2).await;
    let file = journal_config(test.scratch()).checkpoint_file;
    let text = std::fs::read_to_string(&file).expect("a checkpoint");
    std::fs::write(&file, text.replace("\"seq\": 1", "\"seq\": 0")).expect("forged");
    assert_eq!(report(&test).await.findings, [Finding::ForgedCheckpoint]);
    std::fs::remove_file(&file).expect("removed");
    assert_eq!(report(&test).await.findings, [Finding::NoCheckpoint]);
}

async fn an_altered_head_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 2).await;
    tamper(&test, "DELETE FROM journal_head").await;
    assert_eq!(report(&test).await.findings.len(), 2);
}

async fn months_older_than_a_year_leave_and_the_rest_still_passes(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 1_100).await;
    clock.advance(Duration::from_hours(90 * 24));
    fill(&test, &clock, 10).await;
    clock.advance(Duration::from_hours(300 * 24));
    // The first month is more than a year away, the second is not.
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let after = report(&test).await;
    assert!(after.is_intact(), "{after:?}");
    assert_eq!(after.entries, 10);
    // Everything older: the chain goes on from where it ended.
    clock.advance(Duration::from_hours(400 * 24));
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let empty = report(&test).await;
    assert!(empty.is_intact(), "{empty:?}");
    assert_eq!(empty.entries, 0);
    fill(&test, &clock, 4).await;
    let grown = report(&test).await;
    assert!(grown.is_intact(), "{grown:?}");
    assert_eq!(grown.entries, 4);
}

async fn a_forged_boundary_is_found(test: TestDb) {
    fill(&test, &StandingClock::new(), 20).await;
    tamper(
        &test,
        "INSERT INTO journal_boundary (chain, seq, hash, mac) \
         SELECT chain, seq, hash, hash FROM journal_entry WHERE seq = 6",
    )
    .await;
    tamper(&test, "DELETE FROM journal_entry WHERE seq <= 6").await;
    assert_eq!(
        report(&test).await.findings,
        [
            Finding::ForgedBoundary {
                chain: Chain::System
            },
            Finding::ForgedBoundary {
                chain: ORGANISATION
            }
        ]
    );
}

async fn after_a_change_of_the_key_what_the_old_one_signed_is_believed_then_signed_anew(
    test: TestDb,
) {
    let clock = StandingClock::new();
    fill(&test, &clock, 20).await;
    clock.advance(Duration::from_hours(400 * 24));
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    let old = journal_config(test.scratch());
    let mut both = old.clone();
    both.key = JournalKey::new(&[8; 32]).accepting(&[7; 32]);
    let mut new = old.clone();
    new.key = JournalKey::new(&[8; 32]);
    let findings = async |config: &JournalConfig| {
        let report = verify(&test.db, &config.checkpoint_file, &config.key).await;
        report.expect("a report").findings
    };
    assert_eq!(findings(&both).await, []);
    assert!(!findings(&new).await.is_empty(), "not yet");
    // Somebody's own boundary, which no key signed, is not among those to be signed.
    let left = boundaries_to_resign(&test.db, &both.key).await;
    assert_eq!(left.expect("counted"), 2);
    tamper(
        &test,
        "UPDATE journal_boundary SET mac = hash WHERE chain = (SELECT chain FROM journal_head ORDER BY chain DESC LIMIT 1)",
    )
    .await;
    let signed = resign_boundaries(&test.db, &both.key).await;
    assert_eq!(signed.expect("signed"), 1);
    assert_eq!(
        findings(&both).await,
        [Finding::ForgedBoundary {
            chain: ORGANISATION
        }],
        "a forged one is left to be found"
    );
    let anew = resign_checkpoint(&test.db, &both, clock.now()).await;
    assert!(anew.expect("signed"));
    assert_eq!(
        findings(&new).await,
        [Finding::ForgedBoundary {
            chain: ORGANISATION
        }]
    );
    let again = resign_checkpoint(&test.db, &both, clock.now()).await;
    assert!(!again.expect("nothing to do"));
    assert!(findings(&old).await.contains(&Finding::ForgedCheckpoint));
}

async fn two_sequencers_at_once_make_one_chain(test: TestDb) {
    let clock = StandingClock::new();
    write(&test.db, &clock, 900).await;
    let dyn_clock: Arc<dyn Clock> = Arc::<StandingClock>::clone(&clock);
    let rng: Arc<dyn kernel::Rng> = Arc::new(OsRng);
    let config = journal_config(test.scratch());
    let go = || workers::run_once(&test.db, &dyn_clock, &rng, &[], &[], &config);
    // One that finds the other at work leaves it to it.
    let (one, other) = tokio::join!(go(), go());
    one.expect("one");
    other.expect("the other");
    go().await.expect("the rest");
    let report = report(&test).await;
    assert!(report.is_intact(), "{report:?}");
    assert_eq!(report.entries, 900);
}

async fn a_checkpoint_is_not_written_over_what_it_contradicts(test: TestDb) {
    let clock = StandingClock::new();
    fill(&test, &clock, 20).await;
    let config = journal_config(test.scratch());
    let genuine = std::fs::read(&config.checkpoint_file).expect("a checkpoint");
    tamper(&test, "DELETE FROM journal_entry").await;
    tamper(&test, "DELETE FROM journal_head").await;
    write(&test.db, &clock, 4).await;
    let dyn_clock: Arc<dyn Clock> = Arc::<StandingClock>::clone(&clock);
    let rng: Arc<dyn kernel::Rng> = Arc::new(OsRng);
    tamper(&test, "DELETE FROM journal_personal").await;
    let outcome = workers::run_once(&test.db, &dyn_clock, &rng, &[], &[], &config).await;
    assert!(
        matches!(outcome, Err(CheckpointError::Diverged { seq: 10, .. })),
        "{outcome:?}"
    );
    assert_eq!(
        std::fs::read(&config.checkpoint_file).expect("still there"),
        genuine
    );
}
