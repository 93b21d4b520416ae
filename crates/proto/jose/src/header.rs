//! The protected header (RFC 7515 §4): read, refused when it asks for more than a plain signature.

use serde_json::{Map, Value};

use crate::{Algorithm, Error, TypeRule, base64url};

/// Members that change how a token is read, or that bring a key of the sender's choice.
const REFUSED: [&str; 6] = ["crit", "b64", "zip", "jku", "x5u", "jwk"];

/// What of a header is used.
pub(crate) struct Header {
    /// `kid`.
    pub(crate) key_id: Option<String>,
    /// `typ`.
    pub(crate) kind: Option<String>,
    /// `alg` as written; compare, never obey.
    pub(crate) algorithm: String,
}

impl Header {
    /// Reads the first part of a token.
    pub(crate) fn parse(part: &str) -> Result<Self, Error> {
        let bytes = base64url::decode(part).ok_or(Error::Base64("header"))?;
        let members: Map<String, Value> =
            serde_json::from_slice(&bytes).map_err(|_| Error::Json("header"))?;
        for name in REFUSED {
            if members.contains_key(name) {
                return Err(Error::HeaderMember(name));
            }
        }
        let content = text(&members, "cty")?;
        if content.is_some_and(|content| is_token_type(&content)) {
            return Err(Error::Nested);
        }
        Ok(Self {
            key_id: text(&members, "kid")?,
            kind: text(&members, "typ")?,
            algorithm: text(&members, "alg")?.ok_or(Error::HeaderMember("alg"))?,
        })
    }

    /// Whether the header agrees with the registered algorithm.
    pub(crate) fn agrees(&self, expected: Algorithm) -> Result<(), Error> {
        if self.algorithm.eq_ignore_ascii_case("none") {
            return Err(Error::Unsigned);
        }
        if self.algorithm != expected.name() {
            return Err(Error::WrongAlgorithm { expected });
        }
        Ok(())
    }

    /// Whether `typ` obeys the rule.
    pub(crate) fn is_of_type(&self, rule: TypeRule<'_>) -> Result<(), Error> {
        let kind = self.kind.as_deref().map(without_application);
        let fits = match rule {
            TypeRule::Any => true,
            TypeRule::PlainJwt => kind.is_none_or(|kind| kind.eq_ignore_ascii_case("jwt")),
            TypeRule::Exactly(expected) => {
                kind.is_some_and(|kind| kind.eq_ignore_ascii_case(without_application(expected)))
            }
        };
        if fits { Ok(()) } else { Err(Error::WrongType) }
    }
}

/// `application/at+jwt` and `at+jwt` are one type (RFC 7515 §4.1.9).
fn without_application(kind: &str) -> &str {
    match kind.split_at_checked(12) {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("application/") => rest,
        _ => kind,
    }
}

fn is_token_type(content: &str) -> bool {
    let content = without_application(content).to_ascii_lowercase();
    matches!(content.as_str(), "jwt" | "jose") || content.ends_with("+jwt")
}

fn text(members: &Map<String, Value>, name: &'static str) -> Result<Option<String>, Error> {
    match members.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err(Error::HeaderMember(name)),
    }
}
