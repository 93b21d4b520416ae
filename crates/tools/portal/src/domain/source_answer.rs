//! What an application's search answers, judged before anybody sees it.
//!
//! Foreign bytes: nothing in them is believed. An answer that breaks the contract as a whole (not
//! JSON, other types, too long) fails its source; a hit that breaks it (a link that leads out of
//! the application, a title that cannot be shown) is left out and the others stay.

use kernel::port::Hit;
use serde::Deserialize;
use std::collections::HashSet;

use super::{IconName, TileAddress};

/// Bytes of an answer.
pub const ANSWER_BYTES: usize = 64 * 1_024;
/// Hits of one source; those after are left out.
pub const HITS: usize = 20;
/// Characters of a title.
const TITLE: usize = 140;
/// Characters of a detail.
const DETAIL: usize = 200;
/// Characters of an id.
const ID: usize = 128;

/// Why an answer counts for nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// A redirect, a refusal, a fault.
    #[error("answered with status {0}")]
    Status(u16),
    /// Not `application/json` (a sign-in page, say).
    #[error("answered {0:?}, not JSON")]
    Kind(String),
    /// Over [`ANSWER_BYTES`].
    #[error("answered {0} bytes")]
    Length(usize),
    /// Not of the agreed form.
    #[error("answered another form: {0}")]
    Form(String),
}

#[derive(Deserialize)]
struct AnswerBody {
    hits: Vec<HitBody>,
}

#[derive(Deserialize)]
struct HitBody {
    id: String,
    title: String,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    icon: Option<String>,
    link: String,
}

/// The hits of an answer that may be shown, in its order. `home` is the address of the
/// application's tile: links lead to its origin only.
///
/// # Errors
/// When the answer as a whole is not of the agreed form.
pub fn read_answer(
    status: u16,
    mime: &str,
    body: &[u8],
    home: &TileAddress,
) -> Result<Vec<Hit>, AnswerError> {
    if status != 200 {
        return Err(AnswerError::Status(status));
    }
    if mime != "application/json" {
        return Err(AnswerError::Kind(mime.chars().take(60).collect()));
    }
    if body.len() > ANSWER_BYTES {
        return Err(AnswerError::Length(body.len()));
    }
    let body: AnswerBody =
        serde_json::from_slice(body).map_err(|cause| AnswerError::Form(cause.to_string()))?;
    let mut seen = HashSet::new();
    let mut hits = Vec::new();
    for hit in body.hits {
        if hits.len() == HITS {
            break;
        }
        if let Some(hit) = judged(hit, home)
            && seen.insert(hit.id.clone())
        {
            hits.push(hit);
        }
    }
    Ok(hits)
}

/// The hit as it may be shown; none when it may not.
fn judged(hit: HitBody, home: &TileAddress) -> Option<Hit> {
    let link = TileAddress::parse(&hit.link).ok()?;
    if !link.is_of_origin(home) {
        return None;
    }
    let detail = match hit.detail {
        Some(detail) if !detail.trim().is_empty() => Some(shown(&detail, DETAIL)?),
        Some(_) | None => None,
    };
    Some(Hit {
        id: shown(&hit.id, ID)?,
        title: shown(&hit.title, TITLE)?,
        detail,
        // A picture that does not exist is no reason to lose what was found.
        icon: hit
            .icon
            .and_then(|icon| IconName::parse(&icon).ok())
            .map(|icon| icon.as_str().to_owned()),
        link: link.as_str().to_owned(),
    })
}

/// The text without spaces around; none when it is empty, too long, or would not be shown as
/// written.
fn shown(text: &str, longest: usize) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty() && text.chars().count() <= longest;
    (fits && !text.chars().any(is_invisible)).then(|| text.to_owned())
}

/// Control characters, and those that hide or turn round what stands beside them (Unicode's
/// bidirectional controls, zero-width characters, line separators).
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn home() -> TileAddress {
        TileAddress::parse("https://mission.gouv.fr/accueil").expect("an address")
    }

    fn read(body: &Value) -> Result<Vec<Hit>, AnswerError> {
        read_answer(
            200,
            "application/json",
            body.to_string().as_bytes(),
            &home(),
        )
    }

    fn hit() -> Value {
        json!({"id": "7", "title": "Ordre de mission 7", "link": "https://mission.gouv.fr/o/7"})
    }

    fn with(field: &str, value: impl Into<Value>) -> Value {
        let mut hit = hit();
        hit[field] = value.into();
        json!({"hits": [hit, {"id": "8", "title": "Autre", "link": "https://mission.gouv.fr/"}]})
    }

    /// The ids that stay when the first hit has this field.
    fn ids(field: &str, value: impl Into<Value>) -> Vec<String> {
        let hits = read(&with(field, value)).expect("an answer");
        hits.into_iter().map(|hit| hit.id).collect()
    }

    #[test]
    fn a_good_answer_is_read_whole_and_what_it_adds_is_let_be() {
        let mut whole = with("detail", " Payé ");
        whole["hits"][0]["icon"] = "train-line".into();
        whole["hits"][0]["score"] = 3.into();
        whole["next"] = "x".into();
        let hits = read(&whole).expect("an answer");
        assert_eq!(
            hits[0],
            Hit {
                id: "7".into(),
                title: "Ordre de mission 7".into(),
                detail: Some("Payé".into()),
                icon: Some("train-line".into()),
                link: "https://mission.gouv.fr/o/7".into(),
            }
        );
        assert_eq!(read(&json!({"hits": []})), Ok(Vec::new()));
    }

    #[test]
    fn an_answer_of_another_form_fails_its_source() {
        for body in [
            json!([]),
            json!({}),
            json!({"hits": {}}),
            json!({"hits": [1]}),
            json!({"hits": [{"id": "1", "title": "x"}]}),
            with("title", 7),
            with("id", json!({})),
            with("detail", json!(["x"])),
        ] {
            assert!(matches!(read(&body), Err(AnswerError::Form(_))), "{body}");
        }
        let bytes = read_answer(200, "application/json", b"\xff{}", &home());
        assert!(matches!(bytes, Err(AnswerError::Form(_))));
    }

    #[test]
    fn a_page_a_redirect_and_a_flood_fail_their_source() {
        let body = json!({"hits": []}).to_string();
        for (status, mime, error) in [
            (302, "application/json", AnswerError::Status(302)),
            (204, "application/json", AnswerError::Status(204)),
            (500, "application/json", AnswerError::Status(500)),
            (200, "text/html", AnswerError::Kind("text/html".into())),
            (200, "", AnswerError::Kind(String::new())),
        ] {
            assert_eq!(
                read_answer(status, mime, body.as_bytes(), &home()),
                Err(error)
            );
        }
        let heavy = vec![b' '; ANSWER_BYTES + 1];
        assert_eq!(
            read_answer(200, "application/json", &heavy, &home()),
            Err(AnswerError::Length(ANSWER_BYTES + 1))
        );
    }

    #[test]
    fn a_link_that_leaves_the_application_loses_its_hit_only() {
        for link in [
            "javascript:alert(1)",
            " JaVaScript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "https://evil.example/",
            "https://mission.gouv.fr.evil.example/",
            "https://mission.gouv.fr@evil.example/",
            "https://mission.gouv.fr:8443/",
            "http://mission.gouv.fr/",
            "http://localhost/",
            "//mission.gouv.fr/",
            "/o/7",
            "",
        ] {
            assert_eq!(ids("link", link), ["8"], "{link}");
        }
        assert_eq!(ids("link", "https://MISSION.gouv.fr:443/o"), ["7", "8"]);
    }

    #[test]
    fn a_text_that_would_not_be_shown_as_written_loses_its_hit_only() {
        for title in [
            "",
            "   ",
            "a\u{0}b",
            "a\nb",
            "a\u{202e}b",
            "a\u{2066}b",
            "a\u{200b}b",
            &"x".repeat(TITLE + 1),
        ] {
            assert_eq!(ids("title", title), ["8"], "{title:?}");
        }
        assert_eq!(ids("detail", "x".repeat(DETAIL + 1)), ["8"]);
        assert_eq!(ids("id", "\u{7}"), ["8"]);
        assert_eq!(ids("title", "é".repeat(TITLE)), ["7", "8"]);
        assert_eq!(ids("title", "<b>gras</b>"), ["7", "8"], "shown as text");
    }

    #[test]
    fn an_icon_that_is_none_is_left_out_and_the_hit_stays() {
        let hits = read(&with("icon", "x\" onload=\"y")).expect("an answer");
        assert_eq!((hits.len(), hits[0].icon.as_deref()), (2, None));
    }

    #[test]
    fn hits_over_twenty_and_repeated_ones_are_left_out() {
        let mut hits: Vec<Value> = (0..30)
            .map(|id| json!({"id": id.to_string(), "title": "x", "link": "https://mission.gouv.fr/"}))
            .collect();
        hits.insert(0, hits[0].clone());
        let found = read(&json!({ "hits": hits })).expect("an answer");
        assert_eq!(found.len(), HITS);
        assert_eq!(found[1].id, "1");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), status in 100_u16..600) {
            let _judged = read_answer(status, "application/json", &body, &home());
        }

        #[test]
        fn whatever_the_link_only_the_application_s_own_pass(
            link in r"[ \t\n]{0,2}([jJ]ava[\t\n]?[sS]cript|data|vbscript|https?|blob|file):/{0,3}[a-z0-9.@:/?#%\\-]{0,30}|https://mission\.gouv\.fr[a-z0-9.@:/?#%\\-]{0,20}",
            title in any::<String>(),
        ) {
            let body = json!({"hits": [{"id": "1", "title": title, "link": link}]});
            for hit in read(&body).expect("the agreed form") {
                prop_assert!(hit.link.starts_with("https://mission.gouv.fr/"), "{}", hit.link);
                prop_assert!(!hit.title.is_empty() && !hit.title.chars().any(is_invisible));
            }
        }
    }
}
