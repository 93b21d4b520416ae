//! A house for this crate's own tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http_body_util::BodyExt as _;
use kernel::{
    AgentId, Caller, Clock, CredentialId, Means, OrganisationId, Population, Rng, Secret,
    SessionId, Timestamp, TokenScope,
};
use kernel_db::{DatabaseConfig, Db, MigrationSet};
use tower::ServiceExt as _;
use url::Url;

use crate::{
    ApiJson, ApiPath, ApiQuery, Application, Bearer, Bearers, BoxFuture, House, MasterKey,
    Sessions, SessionsError, Signed, SignedOrGuest, Site, TokenHolder, Tokens, Tool, WebAssets,
    app,
};

pub(crate) const GOOD_COOKIE: &str = "good";

pub(crate) struct TestClock(AtomicI64);

impl TestClock {
    pub(crate) fn new(millis: i64) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(millis)))
    }

    pub(crate) fn advance(&self, millis: i64) {
        self.0.fetch_add(millis, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// Counts: enough for ids that differ.
struct Counting(AtomicU64);

impl Rng for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let next = self
                .0
                .fetch_add(1, Ordering::SeqCst)
                .wrapping_mul(0x9e37_79b9_7f4a_7c15);
            chunk.copy_from_slice(&next.to_be_bytes()[..chunk.len()]);
        }
    }
}

/// Of [`caller`].
pub(crate) const SESSION: SessionId = SessionId::from_u128(2);

pub(crate) fn caller() -> Caller {
    Caller {
        agent: AgentId::from_u128(1),
        by: Means::Session(SESSION),
        organisation: OrganisationId::from_u128(3),
        ancestors: Vec::new(),
        population: Population::Agent,
        grants: Vec::new(),
        guest: None,
        locale: None,
    }
}

/// The token of [`token_caller`], made for `people:read`.
pub(crate) const GOOD_TOKEN: &str = "good-token";

/// Another agent than [`caller`], by a token.
pub(crate) fn token_caller() -> Caller {
    Caller {
        agent: AgentId::from_u128(4),
        by: Means::Token(CredentialId::from_u128(5)),
        ..caller()
    }
}

struct OneToken;

impl Tokens for OneToken {
    fn holder<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<TokenHolder>, SessionsError>> {
        let holder = TokenHolder {
            caller: token_caller(),
            scopes: vec![TokenScope::PeopleRead],
        };
        Box::pin(async move { Ok(token.matches(GOOD_TOKEN).then_some(holder)) })
    }
}

struct OneSession(Caller, Arc<AtomicBool>);

struct OneBearer;

impl Bearers for OneBearer {
    fn bearer<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Bearer>, SessionsError>> {
        let bearer = Bearer {
            client_id: "mission".into(),
            agent: None,
            organisation: None,
            scopes: vec!["inbox".into()],
        };
        Box::pin(async move { Ok(token.matches("good").then_some(bearer)) })
    }
}

impl Sessions for OneSession {
    fn caller<'a>(
        &'a self,
        cookie: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Caller>, SessionsError>> {
        Box::pin(async move {
            let alive = !self.1.load(Ordering::SeqCst) && cookie.matches(GOOD_COOKIE);
            Ok(alive.then(|| self.0.clone()))
        })
    }
}

#[derive(serde::Deserialize)]
struct Named {
    name: String,
}

#[derive(serde::Deserialize)]
struct Counted {
    count: u32,
}

fn routes() -> Router {
    let long = || async { "a".repeat(4_000) };
    Router::new()
        .route("/api/v1/test/me", get(who).post(who))
        .route("/api/v1/test/other", get(who))
        .route("/api/v1/test/closed", get(who))
        .route(
            "/api/v1/test/anybody-signed",
            get(|SignedOrGuest(caller): SignedOrGuest| async move { caller.agent.to_string() }),
        )
        .route(
            "/api/v1/test/echo",
            post(|body: String| async move { body }),
        )
        .route("/api/v2/test", post(|| async { "in" }))
        .route(
            "/api/v1/test/json",
            post(|ApiJson(named): ApiJson<Named>| async move { named.name }),
        )
        .route(
            "/api/v1/test/item/{id}",
            get(
                |ApiPath(id): ApiPath<u32>, ApiQuery(query): ApiQuery<Counted>| async move {
                    format!("{id} {}", query.count)
                },
            ),
        )
        .route("/api/v1/test/long", get(long))
        .route("/api/v2/test/long", get(long))
        .route(
            "/api/v1/test/secret",
            get(|| async {
                let headers = [(http::header::CACHE_CONTROL, "no-store")];
                (headers, Json("a".repeat(4_000)))
            }),
        )
        .route(
            "/api/v1/test/application",
            get(|Application(bearer): Application| async move { bearer.client_id }),
        )
        .route("/api/v1/test/panic", get(panics))
        .route("/api/v1/test/count", post(counts))
        .route("/api/v1/test/slow", post(waits))
        .route(
            "/api/v1/test/once",
            post(|| async { ([(http::header::CACHE_CONTROL, "no-store")], "sesame") }),
        )
        .route("/api/v1/test/busy", post(counts_and_fails))
        .route("/api/v1/test/half", post(writes_and_fails))
}

/// Fails as often as it is called, and has written nothing.
async fn counts_and_fails(Extension(house): Extension<House>) -> crate::ApiError {
    house.live.say("count", 1, crate::Reached::Everyone);
    crate::ApiError(kernel::Problem::unavailable(5))
}

/// Commits, then fails.
async fn writes_and_fails(Extension(house): Extension<House>) -> crate::ApiError {
    let written = house.db.write(|tx| {
        Box::pin(async move {
            tx.execute("DELETE FROM dead_letter", &kernel_db::values![])
                .await
        })
    });
    let written = written.await.map_err(|error: kernel_db::DbError| error);
    assert!(written.is_ok(), "{written:?}");
    house.live.say("count", 1, crate::Reached::Everyone);
    crate::ApiError(kernel::Problem::unavailable(5))
}

async fn who(Signed(caller): Signed) -> String {
    caller.agent.to_string()
}

/// Two operations are open to tokens.
fn description() -> utoipa::openapi::OpenApi {
    let open = |scope: &str| serde_json::json!({ "responses": {}, "security": [{ "session": [] }, { "token": [scope] }] });
    let description = serde_json::json!({
        "openapi": "3.1.0",
        "info": { "title": "test", "version": "0" },
        "paths": {
            "/api/v1/test/me": { "get": open("people:read"), "post": open("people:read") },
            "/api/v1/test/other": { "get": open("inbox:read") },
        },
    });
    serde_json::from_value(description).expect("a description")
}

async fn panics() -> String {
    panic!("sesame")
}

/// How often it was called in this house.
async fn counts(Extension(house): Extension<House>) -> impl axum::response::IntoResponse {
    house.live.say("count", 1, crate::Reached::Everyone);
    let count = house.live.said().to_string();
    let location = format!("/api/v1/test/count/{count}");
    (
        http::StatusCode::CREATED,
        [(http::header::LOCATION, location)],
        count,
    )
}

/// Answers once something was said.
async fn waits(Extension(house): Extension<House>) -> &'static str {
    while house.live.said() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    "went"
}

fn tool() -> Tool {
    Tool {
        name: "test",
        router: routes(),
        openapi: description(),
        migrations: MigrationSet {
            tool: "test",
            migrations: &[],
        },
        jobs: Vec::new(),
        consumers: Vec::new(),
    }
}

pub(crate) struct TestHouse {
    pub(crate) house: House,
    web: Option<Arc<dyn WebAssets>>,
    ended: Arc<AtomicBool>,
    _folder: tempfile::TempDir,
}

impl TestHouse {
    pub(crate) async fn new() -> Self {
        Self::at("http://10.0.0.1:8080/").await
    }

    pub(crate) async fn at(base: &str) -> Self {
        Self::of(Site::new(Url::parse(base).expect("url"))).await
    }

    pub(crate) async fn of(site: Site) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let db = Db::open(&DatabaseConfig::Sqlite {
            folder: folder.path().to_path_buf(),
        })
        .await
        .expect("database");
        let house = House::new(
            Arc::new(site),
            TestClock::new(1_795_500_000_000),
            Arc::new(Counting(AtomicU64::new(1))),
            db,
            Arc::new(MasterKey::from_bytes([1; 32])),
        );
        Self {
            house,
            web: None,
            ended: Arc::default(),
            _folder: folder,
        }
    }

    pub(crate) fn with_caller(mut self, caller: Caller) -> Self {
        self.house = self
            .house
            .with_sessions(Arc::new(OneSession(caller, Arc::clone(&self.ended))));
        self
    }

    pub(crate) fn with_bearer(mut self) -> Self {
        self.house = self.house.with_bearers(Arc::new(OneBearer));
        self
    }

    pub(crate) fn with_token(mut self) -> Self {
        self.house = self.house.with_tokens(Arc::new(OneToken));
        self
    }

    /// Ends every session.
    pub(crate) fn end_sessions(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }

    pub(crate) fn router(&self) -> Router {
        app(self.house.clone(), vec![tool()], self.web.clone())
    }

    pub(crate) fn with_sign_in(mut self, path: &'static str) -> Self {
        self.house.sign_in = Some(path);
        self
    }

    pub(crate) fn with_web(mut self, web: Arc<dyn WebAssets>) -> Self {
        self.web = Some(web);
        self
    }

    pub(crate) fn session(&self, value: &str) -> String {
        format!("{}={value}", self.house.cookies().session())
    }

    pub(crate) async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("GET", path, headers, "").await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request
            .body(axum::body::Body::from(body.to_owned()))
            .expect("request");
        let response = self.router().oneshot(request).await.expect("answer");
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.expect("body").to_bytes(),
        }
    }
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    body: bytes::Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> String {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("text").to_owned())
            .unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("json")
    }
}
