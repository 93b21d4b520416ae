//! What the browser brings back from a provider (RFC 6749 §4.1.2, RFC 9207).

use super::error::UpstreamError;
use super::metadata::Metadata;
use super::pending::Pending;
use crate::domain::authorize::Parameters;

/// The longest code taken.
const LONGEST_CODE: usize = 4_096;
/// The most characters of a provider's own words.
const LONGEST_WORDS: usize = 300;

/// The only value of a parameter; none when absent, empty or given twice (RFC 6749 §3.1).
fn single<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let mut values = parameters
        .iter()
        .filter(|(n, _)| n == name)
        .map(|(_, value)| value.as_str());
    let value = values.next().filter(|value| !value.is_empty())?;
    if values.next().is_some() {
        None
    } else {
        Some(value)
    }
}

/// Whether the answer is to the request this tab sent. Nothing else of it is read before.
pub(super) fn check_state(parameters: &Parameters, pending: &Pending) -> Result<(), UpstreamError> {
    match single(parameters, "state") {
        Some(state) if pending.sent_state(state) => Ok(()),
        _ => Err(UpstreamError::State),
    }
}

/// The code, from an answer whose state was checked.
pub(super) fn code<'a>(
    parameters: &'a Parameters,
    metadata: &Metadata,
) -> Result<&'a str, UpstreamError> {
    let names_issuer = parameters.iter().any(|(name, _)| name == "iss");
    let issuer = single(parameters, "iss");
    if (names_issuer || metadata.answers_carry_issuer) && issuer != Some(metadata.issuer.as_str()) {
        return Err(UpstreamError::MixUp);
    }
    if parameters.iter().any(|(name, _)| name == "error") {
        return Err(UpstreamError::Refused {
            code: single(parameters, "error")
                .and_then(error_code)
                .unwrap_or_else(|| "invalid_error".to_owned()),
            description: single(parameters, "error_description").and_then(words),
        });
    }
    single(parameters, "code")
        .filter(|code| code.len() <= LONGEST_CODE)
        .ok_or(UpstreamError::NoCode)
}

/// An OAuth error's code, when it is one that may be written in a log.
pub(super) fn error_code(text: &str) -> Option<String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':' | b'/');
    let well_formed = (1..=64).contains(&text.len()) && text.bytes().all(plain);
    well_formed.then(|| text.to_owned())
}

/// A provider's own words as one line of plain text: no control character, no change of
/// direction, a limited length.
fn words(text: &str) -> Option<String> {
    let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let line: String = text
        .chars()
        .filter(|c| !turns(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST_WORDS)
        .collect();
    let line = line.trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{config, metadata, pending};
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Parameters {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn the_state_sent_is_taken_and_another_absent_or_doubled_one_is_not() {
        let pending = pending(&config());
        let sent = pending.state.as_str();
        assert!(check_state(&parameters(&[("state", sent)]), &pending).is_ok());
        for pairs in [
            vec![("state", "k7m2p9ab.other")],
            vec![("state", "")],
            vec![("code", "c")],
            vec![("state", sent), ("state", sent)],
        ] {
            let checked = check_state(&parameters(&pairs), &pending);
            assert!(matches!(checked, Err(UpstreamError::State)), "{pairs:?}");
        }
    }

    #[test]
    fn a_code_of_the_right_issuer_is_taken() {
        let mut metadata = metadata();
        assert_eq!(
            code(&parameters(&[("code", "c")]), &metadata).expect("a code"),
            "c"
        );
        let with_issuer = parameters(&[("code", "c"), ("iss", &metadata.issuer)]);
        metadata.answers_carry_issuer = true;
        assert_eq!(code(&with_issuer, &metadata).expect("a code"), "c");
    }

    #[test]
    fn another_issuer_s_answer_is_refused_even_when_it_is_an_error() {
        let mut metadata = metadata();
        let issuer = metadata.issuer.clone();
        for pairs in [
            vec![("code", "c"), ("iss", "https://evil.test")],
            vec![("error", "access_denied"), ("iss", "https://evil.test")],
            vec![("code", "c"), ("iss", "")],
            vec![
                ("code", "c"),
                ("iss", issuer.as_str()),
                ("iss", "https://evil.test"),
            ],
        ] {
            let given = parameters(&pairs);
            let judged = code(&given, &metadata);
            assert!(matches!(judged, Err(UpstreamError::MixUp)), "{pairs:?}");
        }
        metadata.answers_carry_issuer = true;
        let silent = parameters(&[("code", "c")]);
        assert!(matches!(
            code(&silent, &metadata),
            Err(UpstreamError::MixUp)
        ));
    }

    #[test]
    fn an_error_keeps_its_words_as_plain_short_text() {
        let long = format!("<b>Refus\u{e9}</b>\r\n\u{202e}{}", "a".repeat(500));
        let refused = parameters(&[("error", "access_denied"), ("error_description", &long)]);
        let Err(UpstreamError::Refused { code, description }) = code(&refused, &metadata()) else {
            panic!("not refused");
        };
        assert_eq!(code, "access_denied");
        let description = description.expect("words");
        assert!(
            description.starts_with("<b>Refusé</b>  aaa"),
            "{description}"
        );
        assert_eq!(description.chars().count(), LONGEST_WORDS);
        let odd = parameters(&[("error", "<script>")]);
        let Err(UpstreamError::Refused { code, .. }) = super::code(&odd, &metadata()) else {
            panic!("not refused");
        };
        assert_eq!(code, "invalid_error");
    }

    #[test]
    fn neither_code_nor_error_is_no_answer() {
        for pairs in [&[][..], &[("code", "")], &[("code", "a"), ("code", "b")]] {
            let given = parameters(pairs);
            let metadata = metadata();
            let judged = code(&given, &metadata);
            assert!(matches!(judged, Err(UpstreamError::NoCode)), "{pairs:?}");
        }
    }
}
