//! The style sheet, at an address that holds its digest, and the sheets of other accents.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use http::header;
use kernel::Problem;

use super::look::Accent;
use crate::problem::ApiError;

const SHEET: &str = include_str!("../../assets/pages.css");
const FAVICON: &str = include_str!("../../assets/besace.svg");

static NAME: LazyLock<String> = LazyLock::new(|| {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, SHEET.as_bytes());
    let digest: String = hex::encode(digest.as_ref()).chars().take(12).collect();
    format!("pages-{digest}.css")
});

/// Changes with the rule that makes accent sheets.
const ACCENT: &str = "accent-";

/// Where pages find the sheet.
pub(super) fn address() -> String {
    format!("/_pages/{}", *NAME)
}

/// Where pages find an accent's sheet.
pub(super) fn accent_address(accent: Accent) -> String {
    format!("/_pages/{ACCENT}{}.css", accent.digits())
}

/// `GET /_pages/…`.
pub(super) async fn get(Path(file): Path<String>) -> Response {
    if file == *NAME {
        return sheet(SHEET.to_owned(), "public, max-age=31536000, immutable");
    }
    if file == "besace.svg" {
        let headers = [
            (header::CONTENT_TYPE, "image/svg+xml"),
            (header::CACHE_CONTROL, "public, max-age=86400"),
        ];
        return (headers, FAVICON).into_response();
    }
    let accent = file
        .strip_prefix(ACCENT)
        .and_then(|rest| rest.strip_suffix(".css"))
        .filter(|digits| digits.len() == 6)
        .and_then(|digits| Accent::parse(digits).ok());
    match accent {
        Some(accent) => sheet(accent.style_sheet(), "public, max-age=86400"),
        None => ApiError(Problem::not_found()).into_response(),
    }
}

fn sheet(text: String, caching: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, caching),
    ];
    (headers, text).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn the_sheet_is_small_and_kept_and_another_digest_is_not_there() {
        let test = TestHouse::new().await;
        let sheet = test.get(&address(), &[]).await;
        assert_eq!(sheet.status, 200);
        assert!(sheet.header("cache-control").contains("immutable"));
        assert!(sheet.text().len() <= 20_000, "{} bytes", sheet.text().len());
        assert!(
            !sheet.text().contains("http"),
            "nothing is loaded from elsewhere"
        );
        assert_eq!(
            test.get("/_pages/pages-000000000000.css", &[]).await.status,
            404
        );
    }

    #[tokio::test]
    async fn an_accent_s_sheet_is_made_for_a_colour_and_nothing_else() {
        let test = TestHouse::new().await;
        let sheet = test.get("/_pages/accent-8d533e.css", &[]).await;
        assert!(sheet.text().contains("--brand:#8d533e"), "{}", sheet.text());
        for file in [
            "accent-red.css",
            "accent-8d533e%7d.css",
            "accent-8d533e",
            "accent-%238d533.css",
        ] {
            assert_eq!(
                test.get(&format!("/_pages/{file}"), &[]).await.status,
                404,
                "{file}"
            );
        }
    }
}
