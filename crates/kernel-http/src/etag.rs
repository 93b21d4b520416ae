//! Edits that do not overwrite each other (RFC 9110 §8.8.3 and §13.1.1).
//!
//! What is read carries `ETag`; an edit sends it back in `If-Match`. Without it the edit is
//! refused with 428 (RFC 6585 §3); with that of an older version with 412, and the problem's
//! member `current` shows what stands, so that the page can show both.
//!
//! ```ignore
//! async fn put(Signed(caller): Signed, if_match: IfMatch, …) -> Result<(EntityTag, Json<Body>), ApiError> {
//!     let tag = if_match.require()?;
//!     // in the transaction of the edit: `tag.is(row.version)`, else `precondition_failed(current)`
//! }
//! ```

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponseParts, ResponseParts};
use http::request::Parts;
use http::{HeaderValue, header};
use kernel::{Problem, Text};

use crate::problem::ApiError;

/// The version of something, as `ETag` tells it: `"v12"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntityTag(Option<i64>);

impl EntityTag {
    /// The tag of this version.
    pub const fn of(version: i64) -> Self {
        Self(Some(version))
    }

    /// Whether it is the tag of this version.
    pub fn is(self, version: i64) -> bool {
        self.0 == Some(version)
    }

    /// The version it names; none: it is no tag of ours, and equals no version.
    pub const fn version(self) -> Option<i64> {
        self.0
    }

    /// A tag as sent. A weak one counts as its strong one: it names a version, never bytes, and
    /// proxies that compress weaken what passes through them.
    fn parse(text: &str) -> Self {
        let text = text.trim();
        let opaque = text.strip_prefix("W/").unwrap_or(text);
        let version = opaque
            .strip_prefix("\"v")
            .and_then(|rest| rest.strip_suffix('"'))
            .and_then(|digits| digits.parse::<i64>().ok())
            // Only as we write it: neither `+1` nor `007`.
            .filter(|version| format!("\"v{version}\"") == opaque);
        Self(version)
    }
}

impl IntoResponseParts for EntityTag {
    type Error = Infallible;

    fn into_response_parts(self, mut response: ResponseParts) -> Result<ResponseParts, Infallible> {
        let value = self
            .0
            .and_then(|version| HeaderValue::from_str(&format!("\"v{version}\"")).ok());
        if let Some(value) = value {
            response.headers_mut().insert(header::ETAG, value);
        }
        Ok(response)
    }
}

/// What an edit says it has read; none: it does not say (`*` says nothing either).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub Option<EntityTag>);

impl IfMatch {
    /// What was read.
    ///
    /// # Errors
    /// 428 `precondition-required` when the edit does not say.
    pub fn require(self) -> Result<EntityTag, ApiError> {
        self.0.ok_or_else(|| ApiError(precondition_required()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let sent = parts.headers.get(header::IF_MATCH);
        let tag = sent
            .map(|value| value.to_str().unwrap_or_default())
            .filter(|text| text.trim() != "*")
            .map(EntityTag::parse);
        Ok(Self(tag))
    }
}

fn precondition_required() -> Problem {
    Problem::new(
        428,
        "precondition-required",
        Text::fixed(
            "Cette modification ne dit pas quelle version elle modifie.",
            "This edit does not say which version it edits.",
        ),
    )
    .with_detail(Text::fixed(
        "Relisez l’objet et renvoyez son ETag dans l’en-tête If-Match.",
        "Read the object again and send its ETag back in the header If-Match.",
    ))
}

/// 412: somebody else edited it meanwhile. `current` is what stands now, as a `GET` shows it.
pub fn precondition_failed(current: serde_json::Value) -> ApiError {
    let problem = Problem::new(
        412,
        "precondition-failed",
        Text::fixed(
            "Quelqu’un d’autre a modifié ceci entre-temps.",
            "Somebody else changed this in the meantime.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été écrasé. Comparez les deux versions, puis enregistrez de nouveau.",
        "Nothing was overwritten. Compare the two versions, then save again.",
    ));
    ApiError(problem).with_extension("current", current)
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    async fn read(sent: Option<&str>) -> IfMatch {
        let mut request = http::Request::builder();
        if let Some(sent) = sent {
            request = request.header("if-match", sent);
        }
        let (mut parts, ()) = request.body(()).expect("a request").into_parts();
        match IfMatch::from_request_parts(&mut parts, &()).await {
            Ok(read) => read,
            Err(never) => match never {},
        }
    }

    #[tokio::test]
    async fn a_tag_comes_back_as_it_was_given_even_weakened() {
        let response = (EntityTag::of(12), "body").into_response();
        assert_eq!(response.headers()["etag"], "\"v12\"");
        for sent in ["\"v12\"", "W/\"v12\"", " \"v12\" "] {
            let tag = read(Some(sent)).await.require().expect("a tag");
            assert!(tag.is(12), "{sent}");
            assert!(!tag.is(13), "{sent}");
        }
    }

    #[tokio::test]
    async fn a_foreign_tag_equals_no_version_and_none_at_all_is_asked_for() {
        for sent in [
            "\"abc\"",
            "v12",
            "\"v+1\"",
            "\"v007\"",
            "\"v1\", \"v2\"",
            "",
        ] {
            let tag = read(Some(sent)).await.require().expect("a tag");
            assert_eq!(tag.version(), None, "{sent}");
        }
        for sent in [None, Some("*")] {
            let refused = read(sent).await.require().expect_err("428");
            assert_eq!(refused.0.status, 428);
            assert_eq!(refused.0.kind, "precondition-required");
        }
    }

    #[test]
    fn a_lost_race_shows_what_stands() {
        let refused = precondition_failed(serde_json::json!({"label": "Nouveau"}));
        assert_eq!(refused.0.status, 412);
        let shown = refused.0.extensions.first().expect("a member");
        assert_eq!(shown.0, "current");
        assert_eq!(shown.1["label"], "Nouveau");
    }
}
