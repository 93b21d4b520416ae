//! `GET /api/v1/live`: the hints of the signed-in agent.

use axum::Extension;
use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, header};
use kernel::{Problem, Secret, Text};
use serde::Deserialize;
use utoipa::IntoParams;

use super::hub::AGENT_STREAMS;
use super::stream::{Reader, frames};
use crate::extract::cookies::cookie_of;
use crate::{ApiError, ApiQuery, House, SignedOrGuest};

/// From where hints are said.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Opened {
    /// The place after which hints are wanted; none: from now on.
    after: Option<String>,
}

/// Opens a stream of server-sent events: `hint` with `{"topic", "version"}`, `resync` when
/// everything is to be fetched again, `end` before the stream closes with its session.
/// `Last-Event-ID` resumes; so does `after`, the header `besace-live` of an earlier answer, for a
/// page that opens its stream after its first answers.
#[utoipa::path(
    get,
    path = "/api/v1/live",
    tag = "house",
    operation_id = "openLive",
    params(Opened),
    responses(
        (status = 200, description = "A stream of hints", content_type = "text/event-stream"),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 429, description = "Too many streams of this agent (problem `too-many-streams`)"),
    )
)]
pub(crate) async fn get(
    Extension(house): Extension<House>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiQuery(opened): ApiQuery<Opened>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let sessions = house
        .sessions
        .clone()
        .ok_or(ApiError(Problem::sign_in_required()))?;
    let cookie = cookie_of(&headers, &house.cookies().session())
        .map(Secret::new)
        .ok_or(ApiError(Problem::sign_in_required()))?;
    let last = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        // The address stays as it was when the browser comes back by itself, which knows better.
        .or(opened.after.as_deref());
    let subscription = house
        .live
        .subscribe(caller.agent, last)
        .map_err(|_| ApiError(too_many()))?;
    let reader = Reader {
        live: house.live.clone(),
        subscription,
        caller,
        cookie,
        sessions,
        clock: house.clock.clone(),
        draining: house.draining.clone(),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that gathers an answer before passing it on would hold the hints back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(frames(reader))).into_response())
}

fn too_many() -> Problem {
    Problem::new(
        429,
        "too-many-streams",
        Text::made(
            format!("Besace est déjà ouvert dans {AGENT_STREAMS} fenêtres ou appareils."),
            format!("Besace is already open in {AGENT_STREAMS} windows or devices."),
        ),
    )
    .with_detail(Text::fixed(
        "Fermez-en une\u{a0}: cette page se mettra à jour d’elle-même. Rien n’est perdu.",
        "Close one: this page will then update by itself. Nothing is lost.",
    ))
    .with_retry_after(60)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::StreamExt as _;
    use kernel::AgentId;
    use tower::ServiceExt as _;

    use super::*;
    use crate::live::Reached;
    use crate::testing::{GOOD_COOKIE, SESSION, TestHouse, caller};

    struct Frames(axum::body::BodyDataStream);

    impl Frames {
        async fn next(&mut self) -> Option<String> {
            let next = tokio::time::timeout(Duration::from_hours(1), self.0.next());
            let bytes = next.await.expect("in time")?.expect("a frame");
            Some(String::from_utf8(bytes.to_vec()).expect("text"))
        }
    }

    async fn open(test: &TestHouse, last: Option<&str>) -> (u16, Frames) {
        open_at(test, "/api/v1/live", last).await
    }

    async fn open_at(test: &TestHouse, path: &str, last: Option<&str>) -> (u16, Frames) {
        let mut request = http::Request::get(path).header("cookie", test.session(GOOD_COOKIE));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = test.router().oneshot(request).await.expect("an answer");
        let status = response.status().as_u16();
        (status, Frames(response.into_body().into_data_stream()))
    }

    #[tokio::test]
    async fn a_stranger_hears_nothing() {
        let test = TestHouse::new().await.with_caller(caller());
        assert_eq!(test.get("/api/v1/live", &[]).await.status, 401);
    }

    #[tokio::test]
    async fn a_hint_for_me_arrives_one_for_another_does_not_and_the_stream_ends_with_the_session() {
        let test = TestHouse::new().await.with_caller(caller());
        let (status, mut frames) = open(&test, None).await;
        assert_eq!(status, 200);
        assert!(frames.next().await.expect("open").starts_with("retry:"));
        let live = &test.house.live;
        live.say("home", 3, Reached::Agent(AgentId::from_u128(77)));
        live.say("inbox", 4, Reached::Agent(caller().agent));
        let hint = frames.next().await.expect("a hint");
        assert!(hint.contains("event: hint\ndata: {\"topic\":\"inbox\",\"version\":4}\n\n"));
        live.end_session(SESSION);
        let end = frames.next().await.expect("the end");
        assert!(end.starts_with("event: end\n"), "{end}");
        assert_eq!(frames.next().await, None);
    }

    #[tokio::test]
    async fn who_comes_back_resumes_and_a_foreign_id_gets_a_resync() {
        let test = TestHouse::new().await.with_caller(caller());
        let (_, mut frames) = open(&test, None).await;
        frames.next().await;
        let live = &test.house.live;
        live.say("home", 1, Reached::Everyone);
        let hint = frames.next().await.expect("a hint");
        let id = hint
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("id: "));
        live.say("badges", 2, Reached::Everyone);
        let (_, mut again) = open(&test, id).await;
        again.next().await;
        assert!(again.next().await.expect("missed").contains("badges"));
        let (_, mut foreign) = open(&test, Some("abc-1")).await;
        foreign.next().await;
        assert!(
            foreign
                .next()
                .await
                .expect("resync")
                .contains("event: resync")
        );
    }

    #[tokio::test]
    async fn what_is_said_between_an_answer_and_the_stream_is_heard() {
        let test = TestHouse::new().await.with_caller(caller());
        let place = test.get("/api/v1/site", &[]).await.header("besace-live");
        let path = format!("/api/v1/live?after={place}");
        test.house.live.say("home", 1, Reached::Everyone);
        let (_, mut frames) = open_at(&test, &path, None).await;
        frames.next().await;
        let hint = frames.next().await.expect("said before");
        assert!(hint.contains("\"home\""), "{hint}");
        let (_, mut back) = open_at(&test, &path, Some("x")).await;
        back.next().await;
        let told = back.next().await.expect("a frame");
        assert!(told.contains("resync"), "where it was goes before: {told}");
    }

    #[tokio::test]
    async fn one_stream_too_many_names_the_limit() {
        let test = TestHouse::new().await.with_caller(caller());
        let mut kept = Vec::new();
        for _ in 0..AGENT_STREAMS {
            let (status, frames) = open(&test, None).await;
            assert_eq!(status, 200);
            kept.push(frames);
        }
        let refused = test
            .get("/api/v1/live", &[("cookie", &test.session(GOOD_COOKIE))])
            .await;
        assert_eq!(refused.status, 429);
        assert!(refused.text().contains("20"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_heartbeat_keeps_the_stream_and_a_session_that_ended_closes_it() {
        let test = TestHouse::new().await.with_caller(caller());
        let (_, mut frames) = open(&test, None).await;
        frames.next().await;
        assert_eq!(frames.next().await.as_deref(), Some(": \n\n"));
        assert_eq!(frames.next().await.as_deref(), Some(": \n\n"));
        test.end_sessions();
        let end = frames.next().await.expect("the end");
        assert!(end.starts_with("event: end\n"), "looked up at the third");
        assert_eq!(frames.next().await, None);
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_gap_the_next_heartbeat_tells_to_fetch_everything_and_the_others_do_not() {
        let test = TestHouse::new().await.with_caller(caller());
        let (_, mut before) = open(&test, None).await;
        before.next().await;
        test.house.live.missed();
        let (_, mut after) = open(&test, None).await;
        after.next().await;
        assert!(before.next().await.expect("a frame").contains("resync"));
        assert_eq!(before.next().await.as_deref(), Some(": \n\n"));
        assert_eq!(after.next().await.as_deref(), Some(": \n\n"));
    }

    #[tokio::test]
    async fn a_stream_ends_with_its_agents_sessions_and_not_with_anothers() {
        let test = TestHouse::new().await.with_caller(caller());
        let (_, mut frames) = open(&test, None).await;
        frames.next().await;
        let live = &test.house.live;
        live.end_agent(AgentId::from_u128(77));
        live.say("inbox", 4, Reached::Everyone);
        assert!(frames.next().await.expect("open still").contains("inbox"));
        live.end_agent(caller().agent);
        let end = frames.next().await.expect("the end");
        assert!(end.starts_with("event: end\n"), "{end}");
        assert_eq!(frames.next().await, None);
    }

    #[tokio::test]
    async fn a_process_that_drains_lets_its_streams_go() {
        let test = TestHouse::new().await.with_caller(caller());
        let (_, mut frames) = open(&test, None).await;
        frames.next().await;
        test.house.draining.cancel();
        assert_eq!(frames.next().await, None);
    }
}
