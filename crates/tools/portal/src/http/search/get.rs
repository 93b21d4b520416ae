//! `GET /api/v1/search`: one line of JSON a source, as it ends.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use http::{HeaderName, header};
use kernel::port::{Hit, SearchQuery};
use kernel::{Limit, Locale, Problem};
use kernel_http::{ApiError, ApiQuery, Lang, Signed};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use utoipa::{IntoParams, ToSchema};

use crate::domain::HITS;
use crate::service::{Found, Portal, SourceState};
use crate::texts::search as texts;

/// Characters of what may be looked for.
const WORDS: usize = 200;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchParameters {
    /// 1 to 200 characters; accents and case do not count.
    #[param(example = "mission", max_length = 200)]
    q: String,
}

/// What one source found: one line of the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SourceLine {
    /// Which source: `tools`, `people`, `announcements`, `application:` and a client's id.
    #[schema(example = "tools")]
    source: String,
    /// Its title over the results, in the language of the answer.
    title: String,
    /// `complete`; `failed`: it cannot answer now; `late`: it did not answer in 400 ms.
    #[schema(example = "complete")]
    state: &'static str,
    /// Best first, 20 at most; empty unless the source is complete.
    hits: Vec<HitBody>,
    /// How long the source took.
    milliseconds: u64,
}

/// One thing found.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HitBody {
    /// Stable within its source.
    id: String,
    /// Its name.
    title: String,
    /// What it is, in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// A DSFR icon's name without prefix; absent: that of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    /// Where it leads: a path of ours, or `https`.
    link: String,
}

/// Searches everything the caller may see.
#[utoipa::path(
    get,
    path = "/api/v1/search",
    tag = "portal",
    operation_id = "search",
    params(SearchParameters),
    responses(
        (status = 200, body = SourceLine, content_type = "application/x-ndjson",
            description = "One line of JSON a source, as each ends, then the line `{\"end\":true}`"),
        (status = 400, description = "Nothing to look for, or over 200 characters (problem `search-words`)"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
    )
)]
pub(crate) async fn search(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
    ApiQuery(parameters): ApiQuery<SearchParameters>,
) -> Result<Response, ApiError> {
    let query = SearchQuery {
        words: words(&parameters.q)?,
        caller,
        locale,
        limit: Limit::new(u16::try_from(HITS).unwrap_or(Limit::MAX)),
    };
    Ok(lines(portal.search.start(query).await, locale))
}

/// The words, trimmed.
fn words(typed: &str) -> Result<String, ApiError> {
    let typed = typed.trim();
    if typed.is_empty() || typed.chars().count() > WORDS {
        return Err(ApiError(Problem::new(
            400,
            "search-words",
            texts::SEARCH_WORDS,
        )));
    }
    Ok(typed.to_owned())
}

/// The answer: each line leaves as it is made, and dropping it ends the questions.
fn lines(found: JoinSet<Found>, locale: Locale) -> Response {
    let lines = stream::unfold(Some(found), move |found| async move {
        let mut found = found?;
        // A task that is lost (it cannot panic) leaves its line out, never the others'.
        while let Some(ended) = found.join_next().await {
            if let Ok(ended) = ended {
                return Some((line(&body(ended, locale)), Some(found)));
            }
        }
        Some((line(&serde_json::json!({ "end": true })), None))
    });
    let headers = [
        (header::CONTENT_TYPE, "application/x-ndjson"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy before us must not gather the lines.
        (HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (headers, Body::from_stream(lines)).into_response()
}

fn line<T: Serialize>(value: &T) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    Ok(line)
}

fn body(found: Found, locale: Locale) -> SourceLine {
    SourceLine {
        source: found.source,
        title: found.title.get(locale).to_owned(),
        state: match found.state {
            SourceState::Complete => "complete",
            SourceState::Failed => "failed",
            SourceState::Late => "late",
        },
        hits: found.hits.into_iter().take(HITS).map(hit).collect(),
        milliseconds: u64::try_from(found.took.as_millis()).unwrap_or(u64::MAX),
    }
}

fn hit(hit: Hit) -> HitBody {
    HitBody {
        id: hit.id,
        title: hit.title,
        detail: hit.detail,
        icon: hit.icon,
        link: hit.link,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_trimmed_and_bounded() {
        assert_eq!(words("  mission ").expect("words"), "mission");
        assert!(words(&"é".repeat(WORDS)).is_ok());
        for typed in ["", "   ", &"é".repeat(WORDS + 1)] {
            let refused = words(typed).expect_err("refused");
            assert_eq!((refused.0.status, refused.0.kind), (400, "search-words"));
        }
    }

    #[tokio::test]
    async fn dropping_the_answer_ends_the_questions() {
        struct Told(Option<tokio::sync::oneshot::Sender<()>>);
        impl Drop for Told {
            fn drop(&mut self) {
                let _heard = self.0.take().map(|told| told.send(()));
            }
        }
        let (sender, ended) = tokio::sync::oneshot::channel();
        let told = Told(Some(sender));
        let mut found = JoinSet::new();
        found.spawn(async move {
            let _told = told;
            std::future::pending().await
        });
        drop(lines(found, Locale::Fr));
        assert!(ended.await.is_ok(), "the question was ended");
    }
}
