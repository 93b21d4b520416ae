//! Writes that may be asked for twice.

use std::time::Duration;

use kernel::Clock;
use kernel_db::testing::TestDb;
use kernel_db::{Attempt, Begun, store_suite};

use crate::common::{SETS, StandingClock, round};

store_suite!(SETS;
    of_fifty_tries_at_once_one_is_the_first,
    a_try_learns_what_became_of_the_first,
    an_answer_that_was_lost_is_never_made_again,
    a_refused_try_may_be_the_first_again,
    another_owner_and_another_key_are_strangers,
    answers_leave_after_a_day_and_not_before,
);

const ONE: Attempt = Attempt {
    owner: [1; 32],
    key: [2; 32],
    fingerprint: [3; 32],
};

async fn begin(test: &TestDb, clock: &StandingClock, attempt: Attempt) -> Begun {
    attempt.begin(&test.db, clock.now()).await.expect("begun")
}

async fn of_fifty_tries_at_once_one_is_the_first(test: TestDb) {
    let clock = StandingClock::new();
    let mut tries = Vec::new();
    for _ in 0..50 {
        let (db, now) = (test.db.clone(), clock.now());
        tries.push(tokio::spawn(async move { ONE.begin(&db, now).await }));
    }
    let mut firsts = 0;
    for one in tries {
        match one.await.expect("no panic").expect("begun") {
            Begun::First => firsts += 1,
            other => assert_eq!(other, Begun::Running),
        }
    }
    assert_eq!(firsts, 1);
}

async fn a_try_learns_what_became_of_the_first(test: TestDb) {
    let clock = StandingClock::new();
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
    assert_eq!(begin(&test, &clock, ONE).await, Begun::Running);
    ONE.answered(&test.db, "sealed".to_owned())
        .await
        .expect("kept");
    assert_eq!(
        begin(&test, &clock, ONE).await,
        Begun::Answered("sealed".to_owned())
    );
    let other = Attempt {
        fingerprint: [9; 32],
        ..ONE
    };
    assert_eq!(begin(&test, &clock, other).await, Begun::Different);
}

async fn an_answer_that_was_lost_is_never_made_again(test: TestDb) {
    let clock = StandingClock::new();
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
    clock.advance(Duration::from_secs(59));
    assert_eq!(begin(&test, &clock, ONE).await, Begun::Running);
    clock.advance(Duration::from_secs(1));
    assert_eq!(begin(&test, &clock, ONE).await, Begun::Unknown);
    clock.advance(Duration::from_hours(1));
    assert_eq!(begin(&test, &clock, ONE).await, Begun::Unknown);
}

async fn a_refused_try_may_be_the_first_again(test: TestDb) {
    let clock = StandingClock::new();
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
    ONE.forget(&test.db).await.expect("forgotten");
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
}

async fn another_owner_and_another_key_are_strangers(test: TestDb) {
    let clock = StandingClock::new();
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
    for other in [
        Attempt {
            owner: [9; 32],
            ..ONE
        },
        Attempt {
            key: [9; 32],
            ..ONE
        },
    ] {
        assert_eq!(begin(&test, &clock, other).await, Begun::First);
    }
}

async fn answers_leave_after_a_day_and_not_before(test: TestDb) {
    let clock = StandingClock::new();
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
    ONE.answered(&test.db, "sealed".to_owned())
        .await
        .expect("kept");
    clock.advance(Duration::from_hours(23));
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    assert_ne!(begin(&test, &clock, ONE).await, Begun::First);
    clock.advance(Duration::from_hours(25));
    round(&test.db, test.scratch(), &clock, &[], &[]).await;
    assert_eq!(begin(&test, &clock, ONE).await, Begun::First);
}
