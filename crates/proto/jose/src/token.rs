//! The compact form (RFC 7515 §7.1): three parts, bounded.

use serde_json::{Map, Value};

use crate::claims::audience;
use crate::header::Header;
use crate::{Error, base64url};

/// The longest token read, in bytes.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;

/// A token cut into its parts, header read, nothing believed.
pub(crate) struct Token<'a> {
    pub(crate) header: Header,
    /// What the signature is over: `header.payload`.
    pub(crate) signed: &'a str,
    pub(crate) payload: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Token<'a> {
    pub(crate) fn parse(token: &'a str) -> Result<Self, Error> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(Error::TooLong(token.len()));
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(Error::Segments)?;
        let (header, payload) = signed.split_once('.').ok_or(Error::Segments)?;
        if payload.contains('.') {
            return Err(Error::Segments);
        }
        Ok(Self {
            header: Header::parse(header)?,
            signed,
            payload,
            signature: base64url::decode(signature).ok_or(Error::Base64("signature"))?,
        })
    }

    /// The payload, a JSON object.
    pub(crate) fn members(&self) -> Result<Map<String, Value>, Error> {
        let bytes = base64url::decode(self.payload).ok_or(Error::Base64("payload"))?;
        serde_json::from_slice(&bytes).map_err(|_| Error::Json("payload"))
    }
}

/// What a token says of itself before any check: only good for choosing whose keys to verify with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified {
    /// `iss`.
    pub issuer: Option<String>,
    /// `sub`.
    pub subject: Option<String>,
    /// `aud`, as a list.
    pub audience: Vec<String>,
    /// The header's `kid`.
    pub key_id: Option<String>,
}

/// Reads who a token pretends to come from, to find the registration it must then be verified
/// against.
///
/// # Errors
/// When it is not a token, or one with a refused header.
pub fn peek(token: &str) -> Result<Unverified, Error> {
    let token = Token::parse(token)?;
    let members = token.members()?;
    let text = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(Unverified {
        issuer: text("iss"),
        subject: text("sub"),
        audience: audience(&members)?,
        key_id: token.header.key_id,
    })
}
