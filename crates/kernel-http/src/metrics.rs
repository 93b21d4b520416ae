//! Figures for the operator: rate, errors and duration by route template, never by raw path.
//!
//! They are served by their own small router, for a listener on the loopback.

use std::time::Duration;

use axum::Router;
use axum::routing::get;
use http::header;
pub use metrics_exporter_prometheus::PrometheusHandle;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder};

/// Requests answered, by method, route and class of status.
const REQUESTS: &str = "besace_http_requests_total";
/// How long they took, in seconds, by method and route.
const DURATION: &str = "besace_http_request_duration_seconds";

/// Until when the certificate in service is valid, in seconds of Unix time.
const CERTIFICATE: &str = "besace_tls_certificate_expiry_timestamp_seconds";
/// Renewed certificates that could not be used.
const CERTIFICATE_REFUSED: &str = "besace_tls_certificate_refused_total";

/// Bounds of the durations' histogram, in seconds.
const BUCKETS: [f64; 11] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0,
];

/// Starts the recorder of the process; once.
///
/// # Errors
/// When there is one already.
pub fn install_recorder() -> Result<PrometheusHandle, BuildError> {
    let handle = PrometheusBuilder::new()
        .set_buckets(&BUCKETS)?
        .install_recorder()?;
    metrics::describe_counter!(REQUESTS, "Requests answered");
    metrics::describe_histogram!(DURATION, metrics::Unit::Seconds, "Duration of the requests");
    metrics::describe_gauge!(
        CERTIFICATE,
        metrics::Unit::Seconds,
        "Until when the certificate in service is valid"
    );
    metrics::describe_counter!(
        CERTIFICATE_REFUSED,
        "Renewed certificates that could not be used"
    );
    Ok(handle)
}

/// Says until when the certificate in service is valid.
pub(crate) fn certificate_expires(at: kernel::Timestamp) {
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds of this century are exact in a double"
    )]
    let seconds = at.seconds() as f64;
    metrics::gauge!(CERTIFICATE).set(seconds);
}

/// Counts a renewed certificate that could not be used.
pub(crate) fn certificate_refused() {
    metrics::counter!(CERTIFICATE_REFUSED).increment(1);
}

/// `GET /metrics`, for a listener on the loopback only.
pub fn metrics_router(handle: PrometheusHandle) -> Router {
    let answer = move || {
        let handle = handle.clone();
        async move {
            handle.run_upkeep();
            let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
            (kind, handle.render())
        }
    };
    Router::new().route("/metrics", get(answer))
}

/// Counts one answered request.
pub(crate) fn record(method: &http::Method, route: &str, status: u16, took: Duration) {
    // Foreign method names would make series without end.
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS") => {
            known.to_owned()
        }
        _ => "other".to_owned(),
    };
    let class = format!("{}xx", status / 100);
    let route = route.to_owned();
    metrics::counter!(REQUESTS, "method" => method.clone(), "route" => route.clone(), "status" => class)
        .increment(1);
    metrics::histogram!(DURATION, "method" => method, "route" => route).record(took.as_secs_f64());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_counted_by_its_template() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            record(
                &http::Method::GET,
                "/api/v1/tiles/{id}",
                404,
                Duration::from_millis(3),
            );
            record(
                &http::Method::from_bytes(b"BREW").expect("method"),
                "unmatched",
                405,
                Duration::ZERO,
            );
        });
        let text = handle.render();
        assert!(text.contains(r#"route="/api/v1/tiles/{id}""#), "{text}");
        assert!(
            text.contains(r#"status="4xx""#) && !text.contains("BREW"),
            "{text}"
        );
    }
}
