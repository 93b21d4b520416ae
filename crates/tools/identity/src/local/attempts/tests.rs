//! What the counters let through.

use super::*;

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 1, 2, 3));
const ELSEWHERE: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 9, 9, 9));
const START: Timestamp = Timestamp::from_millis(1_795_508_520_000);

fn realm() -> Realm {
    Realm::parse("interieur").expect("a realm")
}

fn login(name: &str) -> Login {
    Login::parse(&format!("{name}@interieur.gouv.fr")).expect("a login")
}

/// Misses `times` times at one moment after waiting as long as asked; answers that moment.
fn miss(
    attempts: &Attempts,
    name: &str,
    device: Option<DeviceId>,
    address: IpAddr,
    times: u32,
    mut now: Timestamp,
) -> Timestamp {
    for _ in 0..times {
        if let Err(wait) = attempts.begin(&realm(), &login(name), device, address, now) {
            now = now.plus(wait);
            let counted = attempts.begin(&realm(), &login(name), device, address, now);
            drop(counted.expect("let through after the wait"));
        }
    }
    now
}

#[test]
fn misses_slow_an_account_down_and_leave_its_neighbour_alone() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let now = miss(&attempts, "claire", None, HERE, 3, START);
    assert_eq!(
        attempts
            .begin(&realm(), &login("claire"), None, HERE, now)
            .expect_err("too soon"),
        Duration::from_secs(1)
    );
    assert!(
        attempts
            .begin(&realm(), &login("hugo"), None, HERE, now)
            .is_ok()
    );
    let other = Realm::parse("agriculture").expect("a realm");
    assert!(
        attempts
            .begin(&other, &login("claire"), None, HERE, now)
            .is_ok()
    );
}

#[test]
fn nobody_is_ever_locked_out() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let now = miss(&attempts, "claire", None, ELSEWHERE, 500, START);
    let wait = attempts
        .begin(&realm(), &login("claire"), None, HERE, now)
        .expect_err("slowed down");
    assert!(wait <= Duration::from_mins(1), "{wait:?}");
    assert!(
        attempts
            .begin(&realm(), &login("claire"), None, HERE, now.plus(wait))
            .is_ok()
    );
}

#[test]
fn an_attempt_refused_for_haste_does_not_lengthen_the_wait() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let now = miss(&attempts, "claire", None, HERE, 3, START);
    for _ in 0..50 {
        assert!(
            attempts
                .begin(&realm(), &login("claire"), None, HERE, now)
                .is_err()
        );
    }
    let later = now.plus(Duration::from_secs(1));
    assert!(
        attempts
            .begin(&realm(), &login("claire"), None, HERE, later)
            .is_ok()
    );
}

#[test]
fn a_known_device_has_a_budget_that_strangers_cannot_spend() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let now = miss(&attempts, "claire", None, ELSEWHERE, 40, START);
    let known = Some(DeviceId::from_u128(7));
    assert!(
        attempts
            .begin(&realm(), &login("claire"), None, HERE, now)
            .is_err()
    );
    assert!(
        attempts
            .begin(&realm(), &login("claire"), known, HERE, now)
            .is_ok()
    );
    let now = miss(&attempts, "claire", known, HERE, 20, now);
    assert!(
        attempts
            .begin(&realm(), &login("claire"), known, HERE, now)
            .is_err()
    );
}

/// The wait after so many wrong codes, each as soon as it was let through.
fn wait_for_code(attempts: &Attempts, device: Option<DeviceId>, times: u32) -> Duration {
    let mut now = START;
    let begin = |now| attempts.begin_code(&realm(), &login("claire"), device, HERE, now);
    for _ in 0..times {
        // Let through, it is dropped at once, and has missed.
        if let Err(wait) = begin(now) {
            now = now.plus(wait);
            drop(begin(now).expect("let through after the wait"));
        }
    }
    begin(now).err().unwrap_or_default()
}

#[test]
fn three_codes_are_tried_in_half_a_minute_and_about_a_hundred_a_day() {
    let waits = [(2, 0), (3, 30), (6, 60), (10, 300), (30, 900), (200, 900)];
    for (times, seconds) in waits {
        let attempts = Attempts::new(LIMITS, Vec::new());
        let wait = wait_for_code(&attempts, None, times);
        assert_eq!(wait, Duration::from_secs(seconds), "{times}");
    }
}

#[test]
fn wrong_codes_hold_back_neither_a_known_browser_nor_a_password() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let known = Some(DeviceId::from_u128(7));
    wait_for_code(&attempts, None, 40);
    let begin = |device| attempts.begin_code(&realm(), &login("claire"), device, HERE, START);
    begin(known).expect("a budget of its own").not_tried();
    let password = attempts.begin(&realm(), &login("claire"), None, ELSEWHERE, START);
    password.expect("counted apart").not_tried();
    assert!(wait_for_code(&attempts, known, 3) > Duration::ZERO);
}

#[test]
fn a_new_password_forgives_no_code() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let code = || attempts.begin_code(&realm(), &login("claire"), None, HERE, START);
    for _ in 0..3 {
        drop(code().expect("let through"));
    }
    miss(&attempts, "claire", None, ELSEWHERE, 3, START);
    let password = || attempts.begin(&realm(), &login("claire"), None, ELSEWHERE, START);
    assert!(password().is_err());
    attempts.forget(&realm(), &login("claire"));
    password()
        .expect("the misses at the one before")
        .not_tried();
    assert_eq!(code().err(), Some(Duration::from_secs(30)));
}

/// A code missed in a browser of its own; answers the wait instead when there is one.
fn miss_code_in_a_new_browser(attempts: &Attempts, number: u128, now: Timestamp) -> Duration {
    let device = Some(DeviceId::from_u128(number));
    let begun = attempts.begin_code(&realm(), &login("claire"), device, HERE, now);
    begun.map(drop).err().unwrap_or_default()
}

#[test]
fn however_many_browsers_are_known_codes_are_guessed_no_faster() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let (mut now, mut guesses) = (START, 0);
    let day = START.plus(Duration::from_hours(24));
    for number in 0.. {
        let wait = miss_code_in_a_new_browser(&attempts, number, now);
        now = now.plus(wait);
        if now >= day {
            break;
        }
        guesses += u32::from(wait.is_zero());
    }
    assert!((60..200).contains(&guesses), "{guesses}");
    // A right code, from whichever browser, does not give them another thirty.
    let later = now.plus(Duration::from_mins(15));
    let known = Some(DeviceId::from_u128(7));
    let owner = attempts.begin_code(&realm(), &login("claire"), known, HERE, later);
    owner.expect("after the wait").right();
    let waits = (0..5).map(|number| miss_code_in_a_new_browser(&attempts, number, later));
    assert!(waits.max() >= Some(Duration::from_mins(1)));
    // Nor does it hold anybody else back.
    let hugo = attempts.begin_code(&realm(), &login("hugo"), known, HERE, later);
    hugo.expect("counted apart").right();
}

#[test]
fn links_are_mailed_seldom_to_one_address_and_asked_by_one_network_slowly() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let ask = |name: &str, now| {
        let asked = attempts.begin_mail(&realm(), &login(name), HERE, now);
        asked.map(drop).is_ok()
    };
    assert!(ask("claire", START));
    assert!(!ask("claire", START), "once a minute");
    let minute = |count| START.plus(Duration::from_mins(count));
    assert!(ask("claire", minute(1)) && ask("claire", minute(2)));
    assert!(
        !ask("claire", minute(3)),
        "three, then every twenty minutes"
    );
    assert!(ask("claire", minute(22)));
    let asked = (0..40)
        .filter(|number| ask(&format!("a{number}"), START))
        .count();
    assert!((15..=20).contains(&asked), "{asked}");
}

#[test]
fn codes_guessed_from_one_network_at_many_accounts_slow_that_network_only() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    for number in 0..60 {
        let name = login(&format!("a{number}"));
        let guessed = attempts.begin_code(&realm(), &name, None, HERE, START);
        drop(guessed.expect("each account is new to it"));
    }
    let begin = |device, address| {
        let claire = login("claire");
        let begun = attempts.begin_code(&realm(), &claire, device, address, START);
        begun.map(Counted::not_tried)
    };
    assert_eq!(begin(None, HERE), Err(Duration::from_secs(1)));
    assert_eq!(begin(None, ELSEWHERE), Ok(()), "another network is free");
    // The owner of a known browser behind the same exit is not held back, nor for the password.
    let known = Some(DeviceId::from_u128(7));
    assert_eq!(begin(known, HERE), Ok(()));
    let password = attempts.begin(&realm(), &login("claire"), known, HERE, START);
    password.expect("not held back").not_tried();
}

fn networks(all: &[&str]) -> Vec<IpNet> {
    let parse = |text: &&str| text.parse().expect("a network");
    all.iter().map(parse).collect()
}

#[test]
fn one_network_that_tries_many_accounts_is_slowed_and_an_exempt_one_is_not() {
    for (exempt, slowed) in [
        (networks(&[]), true),
        (networks(&["10.9.9.0/24"]), true),
        (networks(&["2001:db8::/32", "10.1.0.0/16"]), false),
    ] {
        let attempts = Attempts::new(LIMITS, exempt);
        for number in 0..60 {
            let counted =
                attempts.begin(&realm(), &login(&format!("a{number}")), None, HERE, START);
            drop(counted.expect("within the network's budget"));
        }
        let mapped = Ipv4Addr::new(10, 1, 2, 200).to_ipv6_mapped();
        for (name, address) in [("claire", HERE), ("hugo", IpAddr::V6(mapped))] {
            let next = attempts.begin(&realm(), &login(name), None, address, START);
            assert_eq!(next.is_err(), slowed, "{name}");
        }
        let elsewhere = IpAddr::V4(Ipv4Addr::new(10, 200, 0, 1));
        assert!(
            attempts
                .begin(&realm(), &login("ines"), None, elsewhere, START)
                .is_ok(),
            "another network"
        );
    }
}

/// An hour at one network, an attempt every 200 ms of which one in `wrong` misses, each for
/// another account; how many were let through, of 18,000.
fn an_hour(wrong: u32) -> u32 {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let mut let_through = 0;
    for number in 0..18_000_u32 {
        let now = START.plus(Duration::from_millis(u64::from(number) * 200));
        let name = login(&format!("a{number}"));
        let Ok(counted) = attempts.begin(&realm(), &name, None, HERE, now) else {
            continue;
        };
        let_through += 1;
        if number % wrong == 0 {
            drop(counted);
        } else {
            counted.right();
        }
    }
    let_through
}

#[test]
fn a_busy_network_with_its_ordinary_misses_holds_nobody_back_and_a_guessing_one_is() {
    assert_eq!(an_hour(60), 18_000, "a miss every 12 s");
    let guesses = an_hour(1);
    assert!((600..1_000).contains(&guesses), "{guesses}");
}

#[test]
fn a_right_answer_leaves_nothing_behind_at_a_network_that_is_slowed_down() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    for number in 0..60 {
        let name = login(&format!("a{number}"));
        drop(attempts.begin(&realm(), &name, None, HERE, START));
    }
    let now = START.plus(Duration::from_secs(1));
    let first = attempts.begin(&realm(), &login("claire"), None, HERE, now);
    assert!(
        attempts
            .begin(&realm(), &login("hugo"), None, HERE, now)
            .is_err(),
        "one at a time"
    );
    first.expect("after the wait").right();
    let second = attempts.begin(&realm(), &login("hugo"), None, HERE, now);
    drop(second.expect("nobody missed since"));
    assert!(
        attempts
            .begin(&realm(), &login("ines"), None, HERE, now)
            .is_err(),
        "somebody missed just now"
    );
}

#[test]
fn attempts_under_way_at_once_get_no_more_than_one_after_the_other() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    let begin = || attempts.begin(&realm(), &login("claire"), None, HERE, START);
    let mut under_way: Vec<_> = (0..3).map(|_| begin().expect("free")).collect();
    assert_eq!(begin().err(), Some(Duration::from_secs(1)));
    under_way.pop().expect("one").not_tried();
    under_way.push(begin().expect("as if it had not been tried"));
    assert!(begin().is_err());
    drop(under_way);
    assert!(begin().is_err(), "who leaves before the answer has missed");
}

#[test]
fn a_right_password_forgets_the_account_s_misses_and_an_untried_one_costs_nothing() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    miss(&attempts, "claire", None, HERE, 2, START);
    let third = attempts
        .begin(&realm(), &login("claire"), None, HERE, START)
        .expect("third");
    third.right();
    for _ in 0..10 {
        let again = attempts.begin(&realm(), &login("claire"), None, HERE, START);
        again.expect("nothing counted").not_tried();
    }
    miss(&attempts, "claire", None, HERE, 3, START);
    assert!(
        attempts
            .begin(&realm(), &login("claire"), None, HERE, START)
            .is_err()
    );
}

#[test]
fn an_account_s_misses_are_forgotten_one_by_one() {
    // Ten misses in the first half minute.
    for (minutes, wait) in [(1, Some(15)), (5, Some(5)), (8, Some(1)), (10, None)] {
        let attempts = Attempts::new(LIMITS, Vec::new());
        miss(&attempts, "claire", None, HERE, 10, START);
        let later = START.plus(Duration::from_mins(minutes));
        let begin = || attempts.begin(&realm(), &login("claire"), None, HERE, later);
        drop(begin().expect("waited long enough"));
        let wait = wait.map(Duration::from_secs);
        assert_eq!(begin().err(), wait, "{minutes} minutes later");
    }
}

#[test]
fn what_everybody_has_forgotten_is_not_kept() {
    let attempts = Attempts::new(LIMITS, Vec::new());
    for number in 0..10 {
        let name = login(&format!("a{number}"));
        let begun = attempts.begin(&realm(), &name, None, HERE, START);
        begun.expect("free").right();
    }
    assert_eq!(kept(&attempts), 0);
}

/// Counters of all kinds.
fn kept(attempts: &Attempts) -> usize {
    let counters = attempts.counters.lock().expect("counters");
    counters.values().map(Table::len).sum()
}

/// Limits with little room in each table.
fn narrow() -> AttemptLimits {
    let mut limits = LIMITS;
    for budget in [
        &mut limits.account,
        &mut limits.code,
        &mut limits.mail,
        &mut limits.mail_network,
        &mut limits.network,
    ] {
        budget.counters = 100;
    }
    limits
}

#[test]
fn the_tables_stay_small_under_a_flood_of_names() {
    let attempts = Attempts::new(narrow(), Vec::new());
    for number in 0..1_000_u32 {
        let address = IpAddr::V4(Ipv4Addr::from(number << 8));
        let now = START.plus(Duration::from_millis(u64::from(number)));
        let name = login(&format!("a{number}"));
        let begun = attempts.begin(&realm(), &name, None, address, now);
        drop(begun.expect("first attempt"));
        assert!(kept(&attempts) <= 200, "100 accounts and 100 networks");
    }
}

#[test]
fn whoever_fills_the_tables_does_not_wipe_out_the_misses_of_an_account() {
    let attempts = Attempts::new(narrow(), Vec::new());
    let now = miss(&attempts, "claire", None, ELSEWHERE, 20, START);
    let wait = || {
        let claire = attempts.begin(&realm(), &login("claire"), None, HERE, now);
        claire.map(Counted::not_tried).err()
    };
    let before = wait();
    assert!(before >= Some(Duration::from_secs(15)), "{before:?}");
    for number in 0..1_000_u32 {
        // All while Claire's account must wait, and none waits for another.
        let address = IpAddr::V4(Ipv4Addr::from(number << 8));
        let name = login(&format!("a{number}"));
        let begun = attempts.begin(&realm(), &name, None, address, now);
        drop(begun.expect("first attempt"));
        let mail = attempts.begin_mail(&realm(), &name, address, now);
        drop(mail.expect("first link"));
    }
    assert_eq!(wait(), before);
}

#[test]
fn links_asked_for_take_no_room_from_passwords_and_codes() {
    let attempts = Attempts::new(narrow(), Vec::new());
    let code = || attempts.begin_code(&realm(), &login("claire"), None, ELSEWHERE, START);
    for _ in 0..3 {
        drop(code().expect("let through"));
    }
    for number in 0..1_000_u32 {
        let address = IpAddr::V4(Ipv4Addr::from(number << 8));
        let now = START.plus(Duration::from_millis(u64::from(number)));
        // As many as Claire's misses, and later: in one table hers would go first.
        for minute in [0, 1, 2] {
            let now = now.plus(Duration::from_mins(minute));
            let name = login(&format!("a{number}"));
            let asked = attempts.begin_mail(&realm(), &name, address, now);
            drop(asked.expect("a link"));
        }
    }
    assert_eq!(code().err(), Some(Duration::from_secs(30)));
}

#[test]
fn an_attempt_under_way_keeps_its_counter_before_an_idle_one() {
    let attempts = Attempts::new(narrow(), Vec::new());
    let begin = || attempts.begin(&realm(), &login("claire"), None, HERE, START);
    let under_way: Vec<_> = (0..3).map(|_| begin().expect("free")).collect();
    for number in 0..300_u32 {
        let now = START.plus(Duration::from_millis(u64::from(number)));
        let name = login(&format!("a{number}"));
        let address = IpAddr::V4(Ipv4Addr::from(number << 8));
        drop(attempts.begin(&realm(), &name, None, address, now));
    }
    assert!(begin().is_err(), "three are not answered yet");
    for one in under_way {
        one.not_tried();
    }
}

#[test]
fn addresses_are_counted_by_network() {
    for (address, counted) in [
        ("10.1.2.3", "10.1.2.0"),
        ("::ffff:10.1.2.3", "10.1.2.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
    ] {
        let address: IpAddr = address.parse().expect("an address");
        assert_eq!(
            network(address),
            counted.parse::<IpAddr>().expect("an address")
        );
    }
}
