//! Writes that may be asked for twice (draft-ietf-httpapi-idempotency-key-header).
//!
//! A POST under `/api/v1/` that carries `Idempotency-Key` is run once for its caller and key: who
//! asks again, because the answer was lost on the way, gets the first one's answer. A key that
//! comes with another request is refused; so is one whose answer was lost with the program that
//! ran it, since nobody knows whether it was done.
//!
//! Invariants
//! - A write goes on when its caller hangs up: what it answered is there for the next try.
//! - Kept answers are sealed; one that shows a secret is not kept, only that it was given.
//! - A refusal has changed nothing and is not kept: the next try is the first. A failure is not
//!   kept either; when it may have written, who asks again is told that nobody knows.

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::{Problem, Text};
use kernel_db::{Attempt, Begun, watched};
use serde::{Deserialize, Serialize};

use crate::House;
use crate::app::BODY_LIMIT;
use crate::extract::bearer::bearer_of;
use crate::extract::session::resolve;
use crate::problem::ApiError;
use crate::rate::{KEYED_WRITES, Limit};

/// The header of the key.
const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Set on an answer that is the first one's.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// Characters of a key.
const LONGEST_KEY: usize = 255;
/// Bytes of an answer that is kept; of a longer one it is known that it was given.
const LONGEST_ANSWER: usize = 64 * 1_024;
/// What writes nothing.
const WITHOUT: [&str; 1] = ["/api/v1/client-errors"];
const PURPOSE: &str = "http/idempotency/1";
/// What is kept of an answer's headers.
const HEADERS: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

/// An answer, as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    /// Base64; none: too long, or a secret.
    body: Option<String>,
}

/// The middleware.
pub(crate) async fn once<F>(
    request: Request,
    next: impl FnOnce(Request) -> F + Send + 'static,
) -> Response
where
    F: Future<Output = Response> + Send,
{
    let path = request.uri().path();
    let guarded = request.method() == Method::POST
        && path.starts_with("/api/v1/")
        && !WITHOUT.contains(&path);
    if !guarded || !request.headers().contains_key(KEY) {
        return next(request).await;
    }
    let Some(house) = request.extensions().get::<House>().cloned() else {
        return ApiError(Problem::internal()).into_response();
    };
    let (parts, body) = request.into_parts();
    let (mut parts, body) = match read(parts, body).await {
        Ok(read) => read,
        Err(refusal) => return refusal.into_response(),
    };
    let attempt = match attempt(&house, &mut parts, &body).await {
        Ok(Some(attempt)) => attempt,
        // A stranger: the endpoint refuses.
        Ok(None) => return next(Request::from_parts(parts, Body::from(body))).await,
        Err(refusal) => return refusal.into_response(),
    };
    match attempt.begin(&house.db, house.clock.now()).await {
        Err(cause) => {
            tracing::error!(%cause, "a write's key cannot be noted");
            ApiError(Problem::unavailable(5)).into_response()
        }
        Ok(Begun::First) => {
            let request = Request::from_parts(parts, Body::from(body));
            // In a task of its own: a caller that hangs up does not leave it half done.
            let run = tokio::spawn(async move { run(&house, attempt, next(request)).await });
            match run.await {
                Ok(response) => response,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    Err(_) => ApiError(Problem::unavailable(5)).into_response(),
                },
            }
        }
        Ok(begun) => met(&house, begun),
    }
}

/// The body, whole.
async fn read(parts: Parts, body: Body) -> Result<(Parts, Bytes), ApiError> {
    match to_bytes(body, BODY_LIMIT).await {
        Ok(body) => Ok((parts, body)),
        Err(_) => Err(ApiError(Problem::new(
            413,
            "body-too-large",
            Text::made(
                format!("Une demande avec Idempotency-Key ne dépasse pas {BODY_LIMIT} octets."),
                format!("A request with Idempotency-Key is of {BODY_LIMIT} bytes at most."),
            ),
        ))),
    }
}

/// Who asks for what under which key; none: nobody that is known.
async fn attempt(
    house: &House,
    parts: &mut Parts,
    body: &Bytes,
) -> Result<Option<Attempt>, ApiError> {
    let key = key_of(parts).ok_or_else(|| ApiError(malformed()))?;
    let Some(owner) = owner(house, parts).await? else {
        return Ok(None);
    };
    let owner = digest(&[owner.as_bytes()]);
    let within = house.rate.check_writer(owner);
    within.map_err(|seconds| ApiError(too_many(seconds)))?;
    let target = parts.uri.path_and_query().map_or("", |all| all.as_str());
    let kind = parts.headers.get(header::CONTENT_TYPE);
    let kind = kind.map_or(&b""[..], HeaderValue::as_bytes);
    Ok(Some(Attempt {
        owner,
        key: digest(&[key.as_bytes()]),
        fingerprint: digest(&[target.as_bytes(), kind, body]),
    }))
}

fn key_of(parts: &Parts) -> Option<String> {
    let mut all = parts.headers.get_all(KEY).iter();
    let (key, None) = (all.next()?, all.next()) else {
        return None;
    };
    let key = key.to_str().ok()?.trim();
    let fits = (1..=LONGEST_KEY).contains(&key.len());
    fits.then(|| key.to_owned())
}

/// Of a token, its application and agent: the next try may come with a newer token.
async fn owner(house: &House, parts: &mut Parts) -> Result<Option<String>, ApiError> {
    if let (Some(bearers), Some(token)) = (house.bearers.clone(), bearer_of(&parts.headers)) {
        let bearer = bearers.bearer(&token).await.map_err(|cause| {
            tracing::error!(%cause, "a token cannot be looked up");
            ApiError(Problem::unavailable(5))
        })?;
        if let Some(bearer) = bearer {
            let agent = bearer
                .agent
                .map_or(String::new(), |agent| agent.to_string());
            return Ok(Some(format!("application {} {agent}", bearer.client_id)));
        }
    }
    match resolve(parts).await {
        Ok(caller) => Ok(caller.map(|caller| format!("agent {}", caller.agent))),
        // Not known just now: carried out without its key it could be carried out twice.
        Err(refusal) if refusal.0.status == 429 || refusal.0.status >= 500 => Err(refusal),
        // The endpoint refuses.
        Err(_) => Ok(None),
    }
}

/// Each part preceded by its length, so that no two lists have one text.
fn digest(parts: &[&[u8]]) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    bytes
}

/// Runs the first try and keeps what became of it.
async fn run(house: &House, attempt: Attempt, answer: impl Future<Output = Response>) -> Response {
    let (response, may_have_written) = watched(answer).await;
    let (parts, body) = response.into_parts();
    let status = parts.status;
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return ApiError(Problem::internal()).into_response();
    };
    let noted = if status.is_client_error() || (status.is_server_error() && !may_have_written) {
        attempt.forget(&house.db).await
    } else if status.is_server_error() {
        // Committed, and failed in what came after it, or not known to be.
        Ok(())
    } else {
        let kept = seal(house, &parts, &body);
        attempt.answered(&house.db, kept).await
    };
    if let Err(cause) = noted {
        // Who asks again is told that nobody knows.
        tracing::error!(%cause, "what became of a write cannot be kept");
    }
    Response::from_parts(parts, Body::from(body))
}

fn seal(house: &House, parts: &http::response::Parts, body: &Bytes) -> String {
    let unkept = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("no-store"));
    // An answer without its cookie would be half of it.
    let is_secret = parts.headers.contains_key(header::SET_COOKIE)
        || parts
            .headers
            .get_all(header::CACHE_CONTROL)
            .iter()
            .any(unkept);
    let text = |name: &HeaderName| {
        let value = parts.headers.get(name)?.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    };
    let kept = Kept {
        status: parts.status.as_u16(),
        headers: HEADERS.iter().filter_map(text).collect(),
        body: (!is_secret && body.len() <= LONGEST_ANSWER).then(|| STANDARD.encode(body)),
    };
    let bytes = serde_json::to_vec(&kept).unwrap_or_default();
    house.sealer().seal(PURPOSE, &bytes, house.rng.as_ref())
}

/// What who asks again is answered.
fn met(house: &House, begun: Begun) -> Response {
    let problem = match begun {
        Begun::Answered(sealed) => match replay(house, &sealed) {
            Some(response) => return response,
            None => already_done(),
        },
        Begun::Different => other_request(),
        Begun::Unknown => unknown(),
        Begun::First | Begun::Running => running(),
    };
    ApiError(problem).into_response()
}

/// The first one's answer; none: it is known only that it was given.
fn replay(house: &House, sealed: &str) -> Option<Response> {
    let kept: Kept = serde_json::from_slice(&house.sealer().open(PURPOSE, sealed)?).ok()?;
    let body = STANDARD.decode(kept.body?).ok()?;
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(kept.status).ok()?;
    let headers = response.headers_mut();
    for (name, value) in kept.headers {
        headers.insert(
            HeaderName::try_from(name).ok()?,
            HeaderValue::try_from(value).ok()?,
        );
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Some(response)
}

fn malformed() -> Problem {
    Problem::new(
        400,
        "idempotency-key",
        Text::made(
            format!("Idempotency-Key\u{a0}: une seule valeur, de 1 à {LONGEST_KEY} caractères."),
            format!("Idempotency-Key: one value, of 1 to {LONGEST_KEY} characters."),
        ),
    )
}

fn too_many(seconds: u32) -> Problem {
    let Limit {
        per_second, burst, ..
    } = KEYED_WRITES;
    Problem::new(
        429,
        "too-many-writes",
        Text::fixed(
            "Trop d’écritures avec Idempotency-Key en peu de temps.",
            "Too many writes with Idempotency-Key in a short time.",
        ),
    )
    .with_detail(Text::made(
        format!(
            "Rien n’a été fait. {burst} d’affilée, puis {per_second} par seconde\u{a0}; réessayez \
             dans {seconds}\u{a0}s."
        ),
        format!(
            "Nothing was done. {burst} in a row, then {per_second} a second; try again in \
             {seconds}\u{a0}s."
        ),
    ))
    .with_retry_after(seconds)
}

fn other_request() -> Problem {
    Problem::new(
        422,
        "idempotency-key-reused",
        Text::fixed(
            "Cette clé a déjà servi à une autre demande.",
            "This key was already used for another request.",
        ),
    )
    .with_detail(Text::fixed(
        "Rien n’a été fait. Donnez une nouvelle clé à une nouvelle demande.",
        "Nothing was done. Give a new request a new key.",
    ))
}

fn running() -> Problem {
    Problem::new(
        409,
        "request-running",
        Text::fixed(
            "La même demande est en cours.",
            "The same request is being carried out.",
        ),
    )
    .with_detail(Text::fixed(
        "Attendez un instant, puis redemandez\u{a0}: la réponse sera la sienne.",
        "Wait a moment, then ask again: the answer will be its own.",
    ))
    .with_retry_after(1)
}

fn already_done() -> Problem {
    Problem::new(
        409,
        "already-done",
        Text::fixed("C’est déjà fait.", "This is already done."),
    )
    .with_detail(Text::fixed(
        "Sa réponse n’est pas gardée\u{a0}: elle est trop longue, ou montre un secret une seule \
         fois. Rechargez la page pour voir ce qui est fait.",
        "Its answer is not kept: it is too long, or shows a secret once only. Reload the page to \
         see what is done.",
    ))
}

fn unknown() -> Problem {
    Problem::new(
        409,
        "outcome-unknown",
        Text::fixed(
            "On ne sait pas si cette demande a été exécutée.",
            "It is not known whether this request was carried out.",
        ),
    )
    .with_detail(Text::fixed(
        "Le service s’est arrêté entre-temps. Rechargez la page\u{a0}: si rien n’y paraît, \
         recommencez.",
        "The service stopped in between. Reload the page: if nothing shows, start again.",
    ))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::testing::{GOOD_COOKIE, TestHouse, caller};

    const PATH: &str = "/api/v1/test/count";

    async fn house() -> TestHouse {
        let test = TestHouse::new().await.with_caller(caller()).with_bearer();
        test.house
            .db
            .migrate(&[], test.house.clock.now())
            .await
            .expect("tables");
        test
    }

    /// Asks as the agent, with this key.
    async fn ask(test: &TestHouse, path: &str, key: &str, body: &str) -> crate::testing::Answer {
        let (cookie, token) = (
            test.session(GOOD_COOKIE),
            test.house.csrf_token(crate::testing::SESSION),
        );
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-besace-csrf", token.as_str()),
            ("idempotency-key", key),
        ];
        test.send("POST", path, &headers, body).await
    }

    #[tokio::test]
    async fn what_is_asked_twice_is_done_once_and_answered_twice() {
        let test = house().await;
        let first = ask(&test, PATH, "a", "x").await;
        let again = ask(&test, PATH, "a", "x").await;
        assert_eq!((first.status, again.status), (201, 201));
        assert_eq!((first.text().as_str(), again.text().as_str()), ("1", "1"));
        assert_eq!(again.header("location"), "/api/v1/test/count/1");
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(first.header("idempotency-replayed"), "");
        assert_eq!(ask(&test, PATH, "b", "x").await.text(), "2", "another key");
    }

    #[tokio::test]
    async fn a_key_is_of_one_request_and_of_one_caller() {
        let test = house().await;
        assert_eq!(ask(&test, PATH, "a", "x").await.status, 201);
        assert_eq!(ask(&test, PATH, "a", "y").await.status, 422);
        let bearer = [("authorization", "Bearer good"), ("idempotency-key", "a")];
        let other = test.send("POST", PATH, &bearer, "x").await;
        assert_eq!((other.status, other.text().as_str()), (201, "2"));
        assert_eq!(test.send("POST", PATH, &bearer, "x").await.text(), "2");
    }

    #[tokio::test]
    async fn a_key_that_cannot_be_is_refused_and_a_strangers_proves_nothing() {
        let test = house().await;
        assert_eq!(ask(&test, PATH, "", "x").await.status, 400);
        assert_eq!(ask(&test, PATH, &"k".repeat(256), "x").await.status, 400);
        let stranger = [("idempotency-key", "a")];
        for count in ["1", "2"] {
            let answer = test.send("POST", PATH, &stranger, "x").await;
            assert_eq!(answer.text(), count, "the endpoint's to refuse");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_not_kept() {
        let test = house().await;
        let path = "/api/v1/test/json";
        for _ in 0..2 {
            let refused = ask(&test, path, "a", "not JSON").await;
            assert!((400..500).contains(&refused.status));
            assert_eq!(refused.header("idempotency-replayed"), "");
        }
    }

    #[tokio::test]
    async fn a_failure_that_wrote_nothing_is_tried_again_and_one_that_did_never() {
        let test = house().await;
        for path in ["/api/v1/test/busy", "/api/v1/test/busy"] {
            assert_eq!(ask(&test, path, "a", "").await.status, 503);
        }
        assert_eq!(test.house.live.said(), 2, "run anew");
        assert_eq!(ask(&test, "/api/v1/test/half", "b", "").await.status, 503);
        let again = ask(&test, "/api/v1/test/half", "b", "").await;
        assert_eq!(again.status, 409);
        assert_eq!(again.json()["type"], "/problems/request-running");
        assert_eq!(test.house.live.said(), 3, "run once");
    }

    #[tokio::test]
    async fn one_writer_leaves_no_more_rows_than_the_limit() {
        let test = house().await;
        let owner = super::digest(&[format!("agent {}", caller().agent).as_bytes()]);
        for _ in 0..super::KEYED_WRITES.burst {
            test.house.rate.check_writer(owner).expect("within");
        }
        let refused = ask(&test, PATH, "a", "x").await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.json()["type"], "/problems/too-many-writes");
        let bearer = [("authorization", "Bearer good"), ("idempotency-key", "a")];
        assert_eq!(test.send("POST", PATH, &bearer, "x").await.status, 201);
    }

    #[tokio::test]
    async fn a_secret_is_shown_once_and_not_kept() {
        let test = house().await;
        let path = "/api/v1/test/once";
        assert_eq!(ask(&test, path, "a", "").await.status, 200);
        let again = ask(&test, path, "a", "").await;
        assert_eq!(again.status, 409);
        assert_eq!(again.json()["type"], "/problems/already-done");
    }

    #[tokio::test]
    async fn a_write_whose_caller_hangs_up_is_carried_out_and_answered_later() {
        let test = house().await;
        let path = "/api/v1/test/slow";
        let gone = tokio::time::timeout(Duration::from_millis(20), ask(&test, path, "a", ""));
        assert!(gone.await.is_err(), "hung up");
        let waits = ask(&test, path, "a", "").await;
        assert_eq!(
            (waits.status, waits.header("retry-after").as_str()),
            (409, "1")
        );
        test.house.live.say("go", 1, crate::Reached::Everyone);
        let answer = async {
            loop {
                let answer = ask(&test, path, "a", "").await;
                if answer.status != 409 {
                    return answer;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let answer = tokio::time::timeout(Duration::from_secs(30), answer).await;
        assert_eq!(answer.expect("in time").text(), "went");
    }
}
