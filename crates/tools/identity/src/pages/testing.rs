//! What every page must hold to, checked in both languages with hostile input.

use std::time::Duration;

use jiff::tz::TimeZone;
use kernel::{Locale, Timestamp};

use super::{Content, Form, Help, Interruption, Reader, Rendered, Services};

/// 24 November 2026, 9:20 in Paris.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_508_400_000);
/// 8:52 the same day.
pub(crate) const SINCE: Timestamp = Timestamp::from_millis(1_795_506_720_000);
/// What nobody should be able to put on a page.
pub(crate) const HOSTILE: &str = "<script>alert(\"1\")</script>'&<img src=x onerror=alert(1)>";

pub(crate) const FORM: Form<'static> = Form {
    action: "/connexion",
    hidden: &[("csrf", "jeton"), ("interaction", HOSTILE)],
};
pub(crate) const HELP: Help<'static> = Help {
    label: HOSTILE,
    phone: Some("01 99 00 41 20"),
    email: Some("assistance@besace.gouv.fr"),
    hours: Some("jours ouvrés"),
};
pub(crate) const SERVICES: Services<'static> = Services {
    interrupted: &[Interruption {
        title: HOSTILE,
        since: Some(SINCE),
        failures: 27,
    }],
    others: 16,
};

/// Renders in both languages, checks the rules of the house, and answers French and English.
pub(crate) fn both(render: impl Fn(&Reader<'_>) -> Rendered) -> (Content, Content) {
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let page = |locale| {
        let content = render(&Reader {
            locale,
            zone: &zone,
            now: NOW,
        })
        .expect("rendered");
        check(&content);
        content
    };
    let (fr, en) = (page(Locale::Fr), page(Locale::En));
    assert_ne!(fr.main, en.main, "the languages differ");
    (fr, en)
}

fn check(content: &Content) {
    let main = &content.main;
    let all = format!("{main}{}", content.aside.as_deref().unwrap_or_default());
    assert!(!content.title.is_empty());
    assert_eq!(main.matches("<h1>").count(), 1, "one h1: {main}");
    assert_eq!(all.matches("<h1").count(), 1, "no other h1");
    for forbidden in ["<script", "<img", " style=", " onclick=", "javascript:"] {
        assert!(!all.contains(forbidden), "{forbidden} in {all}");
    }
    check_fields(main);
    check_references(&all);
    for form in all.split("<form ").skip(1) {
        let body = form.split("</form>").next().unwrap_or_default();
        assert!(body.contains("method=\"post\""), "{body}");
        assert!(body.contains("name=\"csrf\" value=\"jeton\""), "{body}");
        assert!(body.contains("type=\"submit\""), "{body}");
    }
    assert!(
        main.matches("class=\"fr-btn fr-btn--lg").count() <= 1,
        "one filled button"
    );
}

/// Every visible field has an id and a label for it.
fn check_fields(main: &str) {
    for field in main.split("<input ").skip(1) {
        let field = field.split('>').next().unwrap_or_default();
        if field.contains("type=\"hidden\"") {
            continue;
        }
        let id = attribute(field, "id").expect("an id");
        assert!(
            main.contains(&format!("<label class=\"fr-label\" for=\"{id}\"")),
            "label of {id}"
        );
        assert!(
            attribute(field, "autocomplete").is_some(),
            "autocomplete of {id}"
        );
    }
}

/// Every id is unique and every reference leads to one.
fn check_references(all: &str) {
    let ids: Vec<_> = all
        .split(" id=\"")
        .skip(1)
        .filter_map(|t| t.split('"').next())
        .collect();
    for id in &ids {
        assert_eq!(
            ids.iter().filter(|other| *other == id).count(),
            1,
            "id {id} once"
        );
    }
    for name in ["aria-describedby", "aria-labelledby", "for"] {
        for value in all.split(&format!(" {name}=\"")).skip(1) {
            for target in value
                .split('"')
                .next()
                .unwrap_or_default()
                .split_whitespace()
            {
                assert!(ids.contains(&target), "{name} leads to {target}");
            }
        }
    }
    for value in all.split("href=\"#").skip(1) {
        let target = value.split('"').next().unwrap_or_default();
        assert!(ids.contains(&target), "link to {target}");
    }
}

fn attribute<'a>(field: &'a str, name: &str) -> Option<&'a str> {
    field.split(&format!("{name}=\"")).nth(1)?.split('"').next()
}

#[test]
fn the_two_moments_are_of_the_morning_of_the_screens() {
    assert_eq!(NOW.since(SINCE), Duration::from_mins(28));
}
