//! Codes that change every 30 seconds (TOTP, RFC 6238), as every authenticator application knows
//! them: HMAC-SHA-1, six digits. SHA-1 is what the applications have in common; within HMAC its
//! collisions are no weakness (RFC 6238 §1.2, RFC 6151 §2).

use aws_lc_rs::hmac;
use kernel::{Rng, RngExt as _, Secret, Timestamp};

use super::base32;

/// How long a code is shown, in seconds.
const PERIOD: i64 = 30;
/// Steps that a clock may be ahead or late (RFC 6238 §5.2).
const DRIFT: i64 = 1;
/// Bytes of a new secret: as many as HMAC-SHA-1 gives (RFC 4226 §4, R6).
const LENGTH: usize = 20;
/// Bytes of a secret that is given: RFC 4226 wants 16 at least.
const LENGTHS: std::ops::RangeInclusive<usize> = 16..=64;

/// Which 30 seconds since 1970 a code is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeStep(i64);

impl TimeStep {
    /// The step of a moment.
    pub const fn at(now: Timestamp) -> Self {
        Self(now.millis().div_euclid(PERIOD * 1_000))
    }

    /// From its stored number.
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// Its number, to be stored.
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// What an application and the provider share. Never shown but at the enrolment.
#[derive(Clone)]
pub struct TotpSecret(Vec<u8>);

impl std::fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TotpSecret(hidden)")
    }
}

impl TotpSecret {
    /// A new one.
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(rng.bytes::<LENGTH>().to_vec())
    }

    /// From base32; none when it is not, or not of 16 to 64 bytes.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = base32::decode(text)?;
        LENGTHS.contains(&bytes.len()).then_some(Self(bytes))
    }

    /// From its bytes, as they were sealed.
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// In base32, as it is typed into an application.
    pub fn text(&self) -> Secret {
        Secret::new(base32::encode(&self.0))
    }

    /// The code of a step (RFC 4226 §5.3).
    pub fn code(&self, step: TimeStep) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.0.to_be_bytes());
        let digest = tag.as_ref();
        let offset = usize::from(digest.last().copied().unwrap_or_default() & 15);
        let mut four = [0_u8; 4];
        for (to, from) in four.iter_mut().zip(digest.iter().skip(offset)) {
            *to = *from;
        }
        let number = u32::from_be_bytes(four) & 0x7fff_ffff;
        format!("{:06}", number % 1_000_000)
    }

    /// The step of which `typed` is the code, among those of now and beside now that are later
    /// than the last one used.
    pub fn step_of(&self, typed: &TypedCode, now: Timestamp, last: TimeStep) -> Option<TimeStep> {
        let here = TimeStep::at(now);
        let mut found = None;
        // Each is compared, whichever it is: the time taken tells nothing.
        for drift in -DRIFT..=DRIFT {
            let step = TimeStep(here.0.saturating_add(drift));
            let is_it = Secret::new(self.code(step)).matches(&typed.0);
            if is_it && step > last && found.is_none() {
                found = Some(step);
            }
        }
        found
    }

    /// The address that an application scans (Key Uri Format of Google Authenticator).
    pub fn uri(&self, issuer: &str, login: &str) -> Secret {
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC)
                .to_string()
        };
        let issuer = encoded(&issuer.replace(':', " "));
        Secret::new(format!(
            "otpauth://totp/{issuer}:{}?secret={}&issuer={issuer}&algorithm=SHA1&digits=6&period={PERIOD}",
            encoded(login),
            self.text().expose(),
        ))
    }
}

/// Six digits, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedCode(String);

impl TypedCode {
    /// From what was typed: spaces and hyphens do not count. None when it is not six digits.
    pub fn parse(text: &str) -> Option<Self> {
        let mut digits = String::new();
        for c in text.chars() {
            match c {
                '0'..='9' if digits.len() < 6 => digits.push(c),
                ' ' | '\u{a0}' | '\u{202f}' | '-' | '\t' => {}
                _ => return None,
            }
        }
        (digits.len() == 6).then_some(Self(digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: TimeStep = TimeStep::from_number(0);

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(b"12345678901234567890".to_vec())
    }

    fn typed(text: &str) -> TypedCode {
        TypedCode::parse(text).expect("six digits")
    }

    #[test]
    fn the_codes_are_those_of_the_specification() {
        // RFC 6238, appendix B: the last six of its eight digits.
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let now = Timestamp::from_seconds(seconds);
            assert_eq!(secret().code(TimeStep::at(now)), code);
        }
    }

    #[test]
    fn a_clock_may_be_one_step_ahead_or_late_and_no_more() {
        let now = Timestamp::from_seconds(1_234_567_890);
        let here = TimeStep::at(now).number();
        for (drift, accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = TimeStep::from_number(here + drift);
            let code = typed(&secret().code(step));
            let found = secret().step_of(&code, now, NEVER);
            assert_eq!(found, accepted.then_some(step), "{drift}");
        }
    }

    #[test]
    fn a_step_that_was_used_and_those_before_it_are_over() {
        let now = Timestamp::from_seconds(1_234_567_890);
        let here = TimeStep::at(now);
        let code = typed(&secret().code(here));
        assert_eq!(secret().step_of(&code, now, here), None);
        let before = typed(&secret().code(TimeStep::from_number(here.number() - 1)));
        assert_eq!(secret().step_of(&before, now, here), None);
        let after = TimeStep::from_number(here.number() + 1);
        let next = typed(&secret().code(after));
        assert_eq!(secret().step_of(&next, now, here), Some(after));
    }

    #[test]
    fn a_code_may_be_pasted_with_spaces_and_is_six_digits() {
        assert_eq!(typed(" 287 082 "), typed("287082"));
        assert_eq!(typed("287-082"), typed("287082"));
        for text in ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "287082\n"] {
            assert_eq!(TypedCode::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_secret_is_typed_in_base32_and_has_a_least_length() {
        let text = secret().text();
        assert_eq!(text.expose(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        let read = TotpSecret::parse(&text.expose().to_lowercase()).expect("a secret");
        assert_eq!(read.bytes(), secret().bytes());
        for text in ["", "GEZDGNBV", "1", &"A".repeat(200)] {
            assert!(TotpSecret::parse(text).is_none(), "{text}");
        }
        assert_eq!(format!("{:?}", secret()), "TotpSecret(hidden)");
    }

    #[test]
    fn the_address_names_the_issuer_and_the_account() {
        let uri = secret().uri("Ministère: l’Intérieur", "claire@interieur.gouv.fr");
        let url = url::Url::parse(uri.expose()).expect("an address");
        assert_eq!((url.scheme(), url.host_str()), ("otpauth", Some("totp")));
        let pairs: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs["issuer"], "Ministère  l’Intérieur");
        assert_eq!(pairs["secret"], secret().text().expose());
        assert!(
            url.path().ends_with(":claire%40interieur%2Egouv%2Efr"),
            "{url}"
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_a_code_or_a_secret_fall(text in ".{0,80}") {
            let _ = TypedCode::parse(&text);
            let _ = TotpSecret::parse(&text);
        }
    }
}
