use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_seconds(1_795_508_400);
const CLAIRE: AgentId = AgentId::from_u128(7);

fn day(days: u64) -> Timestamp {
    NOW.plus(Duration::from_hours(24 * days))
}

fn invitation(state: InvitationState) -> Invitation {
    Invitation {
        id: InvitationId::from_u128(1),
        guest: AgentId::from_u128(9),
        inviter: CLAIRE,
        sponsor: OrganisationId::from_u128(1),
        who: Who {
            given_name: Name::parse("Hélène").expect("a name"),
            usual_name: Name::parse("Castaing").expect("a name"),
            organisation: Line::parse("SDIS 40", Line::ORGANISATION).expect("a line"),
        },
        purpose: Line::parse("Appui logistique", Line::PURPOSE).expect("a line"),
        tools: vec![ToolId::from_u128(3)],
        state,
        created_at: NOW,
        answer_by: day(7),
        until: day(92),
        accepted_at: None,
        over: None,
        asks: 0,
        asked_at: None,
    }
}

#[test]
fn each_state_allows_what_it_is_said_to_and_nothing_else() {
    use InvitationState::{Accepted, Declined, Ended, Pending, Withdrawn};
    for state in [Pending, Accepted, Ended, Declined, Withdrawn] {
        let one = || invitation(state);
        let end = |why| one().end(why, Some(CLAIRE), NOW);
        let allowed = [
            one().accept(NOW).is_ok(),
            one().decline(NOW).is_ok(),
            end(Ending::Inviter).is_ok(),
            one().extend(Until(day(10)), NOW).is_ok(),
            one().ask_again(NOW).is_ok(),
        ];
        let expected = match state {
            Pending => [true, true, true, true, false],
            Accepted => [true, false, true, true, false],
            Ended | Withdrawn => [false, false, false, false, true],
            Declined => [false; 5],
        };
        assert_eq!(allowed, expected, "{state:?}");
        assert_eq!(InvitationState::from_word(state.word()), Some(state));
    }
}

#[test]
fn what_was_not_answered_is_withdrawn_and_what_was_is_ended() {
    let end = |state, why| {
        let ended = invitation(state).end(why, Some(CLAIRE), NOW).expect("open");
        assert_eq!(ended.over.expect("over").why, why);
        ended.state
    };
    let pending = InvitationState::Pending;
    assert_eq!(end(pending, Ending::Inviter), InvitationState::Withdrawn);
    assert_eq!(
        end(pending, Ending::Administrator),
        InvitationState::Withdrawn
    );
    assert_eq!(end(pending, Ending::Account), InvitationState::Ended);
    let accepted = InvitationState::Accepted;
    assert_eq!(end(accepted, Ending::Inviter), InvitationState::Ended);
}

#[test]
fn the_date_ends_it_before_anybody_has_written_so() {
    let accepted = invitation(InvitationState::Accepted);
    let last = day(92).minus(Duration::from_millis(1));
    assert!(accepted.is_open(last));
    assert!(!accepted.is_open(day(92)));
    assert_eq!(accepted.over_at(day(99)).expect("over").at, day(92));
    assert!(accepted.clone().accept(day(92)).is_err());
    let settled = accepted.settle(day(92)).expect("due");
    assert_eq!(settled.over.expect("over").why, Ending::Date);
    assert_eq!(settled.settle(day(93)), None, "once");
}

#[test]
fn no_invitation_lasts_over_a_year_however_often_its_end_is_moved() {
    let mut one = invitation(InvitationState::Accepted);
    for (today, last) in [(50, 140), (130, 300), (290, 365)] {
        let until = Until::parse(Some(day(last)), 365, day(today)).expect("within");
        one = one.extend(until, day(today)).expect("within");
        assert_eq!(one.until, day(last));
    }
    let until = Until::parse(Some(day(366)), 365, day(300)).expect("within");
    assert_eq!(one.extend(until, day(300)), Err(InvitationRefusal::TooLong));
}

#[test]
fn nobody_answers_for_a_week_and_it_is_over() {
    let pending = invitation(InvitationState::Pending);
    assert!(pending.is_open(day(7).minus(Duration::from_millis(1))));
    assert_eq!(
        pending.over_at(day(7)).expect("over").why,
        Ending::Unanswered
    );
    assert!(invitation(InvitationState::Accepted).is_open(day(7)));
}

#[test]
fn an_end_lies_within_the_longest_and_is_three_months_unless_said() {
    let until = |wanted, longest| Until::parse(wanted, longest, NOW).map(Until::at);
    assert_eq!(until(None, 365), Ok(day(92)));
    assert_eq!(until(None, 30), Ok(day(30)));
    assert_eq!(until(Some(day(365)), 365), Ok(day(365)));
    let refused = |longest| Err(InvitationRefusal::Until { longest });
    let late = day(365).plus(Duration::from_millis(1));
    assert_eq!(until(Some(late), 365), refused(365));
    assert_eq!(until(Some(late), 9_999), refused(365), "never over a year");
    assert_eq!(until(Some(day(31)), 30), refused(30));
    assert_eq!(until(Some(NOW), 365), refused(365));
    assert_eq!(
        until(Some(Timestamp::from_millis(i64::MAX)), 365),
        refused(365)
    );
    assert_eq!(
        until(Some(Timestamp::from_millis(i64::MIN)), 365),
        refused(365)
    );
}

#[test]
fn a_new_access_is_asked_for_once_a_day_and_three_times() {
    let mut one = invitation(InvitationState::Ended);
    for round in 0..u64::from(MOST_ASKS) {
        one = one.ask_again(day(round)).expect("asked");
        assert_eq!(
            one.clone().ask_again(day(round)),
            Err(InvitationRefusal::Asked)
        );
    }
    assert_eq!(one.ask_again(day(50)), Err(InvitationRefusal::Asked));
}

#[test]
fn names_are_letters_and_what_stands_between_them() {
    for good in [
        "Hélène",
        "Jean-Pierre",
        "N’Diaye",
        "J.-P. Martin",
        "O'Brien",
        "de La Tour d’Auvergne",
        "Nguyễn Văn",
        "محمد",
        "E\u{301}lise",
    ] {
        assert_eq!(Name::parse(good).expect(good).as_str(), good);
    }
    assert_eq!(
        Name::parse("  Ana   Ruiz ").expect("a name").as_str(),
        "Ana Ruiz"
    );
    for bad in [
        "",
        " ",
        "-",
        "Claire\r\nBcc: x@y.fr",
        "Claire\nDelmas",
        "Claire\tDelmas",
        "Claire\u{2028}Delmas",
        "Claire\u{202e}samleD",
        "Cl\u{200b}aire",
        "https://evil.example",
        "evil.example",
        "evil.example/a",
        "<b>Claire</b>",
        "Claire 2",
        "claire@evil.example",
        &"a".repeat(61),
    ] {
        assert_eq!(Name::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn a_line_holds_no_link_no_break_and_nothing_hidden() {
    let line = |text: &str| Line::parse(text, Line::PURPOSE);
    assert!(line("Appui du S.D.I.S. 40, 12.5 t de matériel. Suite").is_some());
    assert!(line("Appui logistique du SDIS 40 (crue de l’Adour), 2e étage\u{a0}: accès").is_some());
    for bad in [
        "",
        "…",
        "Voir https://evil.example",
        "Voir WWW.evil.example",
        "Voir evil.example",
        "mailto:x@y.fr",
        "<a href=x>",
        "Objet\r\nBcc: x@y.fr",
        "un\u{85}deux",
        "a\u{202e}b",
        &"é".repeat(201),
    ] {
        assert_eq!(line(bad), None, "{bad:?}");
    }
}

#[test]
fn a_reason_is_one_line_of_what_was_typed() {
    let read = reason(" L’exercice\r\n est reporté\u{202e}\t! ");
    assert_eq!(read, Ok(Some("L’exercice est reporté !".to_owned())));
    assert_eq!(reason(" \n "), Ok(None));
    assert_eq!(reason(&"é".repeat(301)), Err(InvitationRefusal::LongReason));
}

proptest! {
    #[test]
    fn no_text_that_is_taken_breaks_a_line(text in "(\\PC|\r|\n|\u{85}|\u{2028}|\u{202e}|://|www\\.){0,40}") {
        let name = Name::parse(&text).map(|name| name.0);
        let line = Line::parse(&text, Line::PURPOSE).map(|line| line.0);
        let why = reason(&text).ok().flatten();
        for taken in [name, line].into_iter().flatten() {
            prop_assert!(taken.chars().all(|c| !c.is_control() && !is_hidden(c)));
            prop_assert!(!is_link(&taken) && !taken.contains("://") && !taken.contains('<'));
            prop_assert_eq!(taken.trim(), &taken);
        }
        if let Some(why) = why {
            prop_assert!(why.chars().all(|c| !c.is_control() && !is_hidden(c)));
        }
    }
}
