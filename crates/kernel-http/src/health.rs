//! `/healthz`: the process answers. `/readyz`: it can serve; 503 while it drains, without
//! database, or with a master key that was given up.

use std::time::Duration;

use axum::extract::Extension;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use crate::House;

/// A database that takes longer is not ready.
const PATIENCE: Duration = Duration::from_secs(2);

fn said(status: StatusCode, word: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    (status, headers, word).into_response()
}

pub(crate) async fn healthz() -> Response {
    said(StatusCode::OK, "ok\n")
}

pub(crate) async fn readyz(Extension(house): Extension<House>) -> Response {
    if house.draining.is_cancelled() {
        return said(StatusCode::SERVICE_UNAVAILABLE, "draining\n");
    }
    if house.key_is_over.is_cancelled() {
        return said(StatusCode::SERVICE_UNAVAILABLE, "master key\n");
    }
    match tokio::time::timeout(PATIENCE, house.db.ping()).await {
        Ok(Ok(())) => said(StatusCode::OK, "ready\n"),
        Ok(Err(cause)) => {
            tracing::warn!(%cause, "the database does not answer");
            said(StatusCode::SERVICE_UNAVAILABLE, "database\n")
        }
        Err(_) => said(StatusCode::SERVICE_UNAVAILABLE, "database slow\n"),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn a_draining_process_lives_but_is_not_ready() {
        let test = TestHouse::new().await;
        assert_eq!(test.get("/readyz", &[]).await.status, 200);
        test.house.draining.cancel();
        assert_eq!(test.get("/healthz", &[]).await.status, 200);
        let answer = test.get("/readyz", &[]).await;
        assert_eq!((answer.status, answer.text().as_str()), (503, "draining\n"));
    }

    #[tokio::test]
    async fn a_process_that_seals_under_a_key_given_up_is_not_ready() {
        let test = TestHouse::new().await;
        test.house.key_is_over.cancel();
        let answer = test.get("/readyz", &[]).await;
        let found = (answer.status, answer.text());
        assert_eq!(found, (503, "master key\n".to_owned()));
    }
}
