//! The registered claims (RFC 7519 §4.1) and the rules they are held against.

use serde_json::{Map, Value};

use crate::Error;

/// The claims of a token whose signature holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Claims<T> {
    /// `iss`.
    pub issuer: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `aud`, as a list.
    pub audience: Vec<String>,
    /// `azp`.
    pub authorized_party: Option<String>,
    /// `exp`, seconds.
    pub expires_at: Option<i64>,
    /// `iat`, seconds.
    pub issued_at: Option<i64>,
    /// `nbf`, seconds.
    pub not_before: Option<i64>,
    /// `jti`.
    pub id: Option<String>,
    /// The whole payload in the caller's shape.
    pub body: T,
}

/// Which `typ` is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeRule<'a> {
    /// Whatever it says.
    Any,
    /// Absent or `JWT`: an id token, which an access or logout token must not pass for.
    PlainJwt,
    /// That one: `at+jwt`, `logout+jwt`, `dpop+jwt`.
    Exactly(&'a str),
}

/// Whether a token must end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// `exp` must be there.
    Required,
    /// Held to `exp` when it is there (a signed userinfo carries none).
    WhenPresent,
}

/// How far another's clock may be from ours, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leeway {
    /// How long after `exp` a token still passes.
    pub expired: i64,
    /// How far `iat` and `nbf` may be ahead.
    pub future: i64,
}

impl Leeway {
    /// None: for tokens of our own making.
    pub const NONE: Self = Self {
        expired: 0,
        future: 0,
    };
    /// A minute either way: for other people's clocks.
    pub const MINUTE: Self = Self {
        expired: 60,
        future: 60,
    };
}

/// What a token is held against.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// `iss`, exactly.
    pub issuer: &'a str,
    /// Must be in `aud`; when `aud` has several, must also be `azp`.
    pub audience: &'a str,
    /// `typ`.
    pub kind: TypeRule<'a>,
    /// `exp`.
    pub expiry: Expiry,
    /// The present, in seconds since the epoch.
    pub now: i64,
    /// Tolerance.
    pub leeway: Leeway,
}

impl<T> Claims<T> {
    /// Reads the registered claims of `members`; `body` is the caller's reading of the same.
    pub(crate) fn read(members: &Map<String, Value>, body: T) -> Result<Self, Error> {
        Ok(Self {
            issuer: text(members, "iss")?,
            subject: text(members, "sub")?,
            audience: audience(members)?,
            authorized_party: text(members, "azp")?,
            expires_at: date(members, "exp")?,
            issued_at: date(members, "iat")?,
            not_before: date(members, "nbf")?,
            id: text(members, "jti")?,
            body,
        })
    }

    /// Holds the claims against `expected`; the type is the header's affair.
    pub(crate) fn check(&self, expected: &Expected<'_>) -> Result<(), Error> {
        match self.issuer.as_deref() {
            None => return Err(Error::MissingClaim("iss")),
            Some(issuer) if issuer != expected.issuer => return Err(Error::WrongIssuer),
            Some(_) => {}
        }
        self.check_audience(expected.audience)?;
        self.check_times(expected)
    }

    fn check_audience(&self, expected: &str) -> Result<(), Error> {
        if self.audience.is_empty() {
            return Err(Error::MissingClaim("aud"));
        }
        if !self.audience.iter().any(|one| one == expected) {
            return Err(Error::WrongAudience);
        }
        if self.audience.len() > 1 && self.authorized_party.as_deref() != Some(expected) {
            return Err(Error::WrongAuthorizedParty);
        }
        Ok(())
    }

    fn check_times(&self, expected: &Expected<'_>) -> Result<(), Error> {
        let latest = expected.now.saturating_add(expected.leeway.future);
        match self.expires_at {
            None if expected.expiry == Expiry::Required => return Err(Error::MissingClaim("exp")),
            Some(end) if end.saturating_add(expected.leeway.expired) <= expected.now => {
                return Err(Error::Expired);
            }
            _ => {}
        }
        if self.issued_at.is_some_and(|at| at > latest) {
            return Err(Error::IssuedInFuture);
        }
        if self.not_before.is_some_and(|at| at > latest) {
            return Err(Error::NotYetValid);
        }
        Ok(())
    }
}

/// `aud`: a text or a list of texts; empty when absent.
pub(crate) fn audience(members: &Map<String, Value>) -> Result<Vec<String>, Error> {
    const MALFORMED: Error = Error::MalformedClaim("aud");
    match members.get("aud") {
        None => Ok(Vec::new()),
        Some(Value::String(one)) => Ok(vec![one.clone()]),
        Some(Value::Array(several)) => several
            .iter()
            .map(|one| one.as_str().map(str::to_owned).ok_or(MALFORMED))
            .collect(),
        Some(_) => Err(MALFORMED),
    }
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Error> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Error::MalformedClaim(name)),
    }
}

/// A `NumericDate` (RFC 7519 §2): seconds, perhaps with a fraction, which is dropped.
fn date(members: &Map<String, Value>, name: &'static str) -> Result<Option<i64>, Error> {
    /// 1 January 10000: anything later is a mistake of unit.
    const END: f64 = 253_402_300_800.0;
    let Some(value) = members.get(name) else {
        return Ok(None);
    };
    match value.as_f64() {
        Some(seconds) if (0.0..END).contains(&seconds) => {
            #[expect(clippy::cast_possible_truncation, reason = "bounded just above")]
            let whole = seconds.floor() as i64;
            Ok(Some(whole))
        }
        _ => Err(Error::MalformedClaim(name)),
    }
}
