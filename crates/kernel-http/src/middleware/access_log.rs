//! One line a request: what the operator needs, nothing about people.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

use crate::{RequestContext, metrics};

/// Writes the line and counts the request. The route is its template (`/api/v1/tiles/{id}`):
/// neither path nor query may hold somebody's name.
pub(crate) async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "unmatched".to_owned(), |path| path.as_str().to_owned());
    let context = request.extensions().get::<RequestContext>().cloned();
    // A duration is measured, not told: the monotonic clock, never the house's.
    let started = Instant::now();
    let response = next.run(request).await;
    let took = started.elapsed();
    let status = response.status().as_u16();
    metrics::record(&method, &route, status, took);
    let id = context.as_ref().map(|context| context.id.to_string());
    let agent = context
        .as_ref()
        .and_then(RequestContext::known_caller)
        .map(|caller| caller.agent.to_string());
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if matches!(route.as_str(), "/healthz" | "/readyz") {
        tracing::debug!(target: "access", %method, route, status, ms, id);
    } else {
        tracing::info!(target: "access", %method, route, status, ms, id, agent);
    }
    response
}
