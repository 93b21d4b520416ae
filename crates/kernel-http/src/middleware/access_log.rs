//! One line a request: what the operator needs, nothing about people.

use axum::extract::{MatchedPath, Request};
use axum::response::Response;
use tokio::time::Instant;

use crate::{RequestContext, metrics};

/// Writes the line and counts the request. The route is its template (`/api/v1/tiles/{id}`):
/// neither path nor query may hold somebody's name.
pub(crate) async fn log<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let context = request.extensions().get::<RequestContext>().cloned();
    // A duration is measured, not told: the monotonic clock, never the house's.
    let started = Instant::now();
    let response = next(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    metrics::record(&method, &route, status, took);
    let id = context.as_ref().map(|context| context.id.to_string());
    let asked_by = context.as_ref().and_then(RequestContext::asked_by);
    let agent = asked_by.map(|actor| actor.agent.to_string());
    let token = asked_by.and_then(|actor| actor.token);
    let token = token.map(|token| token.to_string());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if matches!(route.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(target: "access", %method, route, status, ms, id, "request");
    } else {
        tracing::info!(target: "access", %method, route, status, ms, id, agent, token, "request");
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::testing::{GOOD_COOKIE, GOOD_TOKEN, TestHouse, caller, token_caller};
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("lines").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_line_holds_the_template_and_the_agent_s_id_and_nothing_that_names_a_person() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_writer(move || writer.clone())
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let test = TestHouse::new().await.with_caller(caller()).with_token();
        let cookie = test.session(GOOD_COOKIE);
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-forwarded-for", "192.0.2.9"),
        ];
        test.get("/api/v1/test/me?email=claire@interieur.test", &headers)
            .await;
        test.get("/api/v1/test/item/7?count=2&email=claire", &headers)
            .await;
        test.get("/claire.delmas", &headers).await;
        for token in [GOOD_TOKEN, "wrong-token"] {
            let bearer = format!("Bearer {token}");
            let headers = [("authorization", bearer.as_str())];
            test.get("/api/v1/test/me", &headers).await;
        }
        // A token that does not open what it asks is named too.
        let bearer = format!("Bearer {GOOD_TOKEN}");
        let headers = [("authorization", bearer.as_str())];
        for refused in ["/api/v1/test/other", "/api/v1/test/closed"] {
            assert_eq!(test.get(refused, &headers).await.status, 403);
        }
        let text = String::from_utf8(lines.0.lock().expect("lines").clone()).expect("text");
        assert!(
            text.contains(r#""route":"/api/v1/test/item/{id}""#),
            "{text}"
        );
        assert!(text.contains(r#""route":"unmatched""#), "{text}");
        assert!(
            text.contains(&format!(r#""agent":"{}""#, caller().agent)),
            "{text}"
        );
        let token = token_caller().token().expect("a token");
        let named = text.matches(&format!(r#""token":"{token}""#)).count();
        assert_eq!(named, 3, "{text}");
        let private = [
            "claire",
            "192.0.2.9",
            GOOD_COOKIE,
            GOOD_TOKEN,
            "wrong-token",
            "email",
        ];
        for private in private {
            assert!(!text.contains(private), "{private} in {text}");
        }
    }
}
