//! The language switch: `?lang=en` on a page keeps the choice and goes back to the page.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, Method, StatusCode, header};

use crate::extract::locale_of_tag;
use crate::{House, cookies, pages};

/// The middleware.
pub(crate) async fn switch<F>(request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let asked = asked_language(&request);
    let Some((locale, rest)) = asked else {
        return next(request).await;
    };
    let Some(house) = request.extensions().get::<House>() else {
        return next(request).await;
    };
    let back = match rest.as_str() {
        "" => request.uri().path().to_owned(),
        query => format!("{}?{query}", request.uri().path()),
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(&pages::local_path(&back)) {
        headers.insert(header::LOCATION, location);
    }
    headers.append(
        header::SET_COOKIE,
        house.cookies().preference(cookies::LANGUAGE, locale.tag()),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The language asked for, and the query without it.
fn asked_language(request: &Request) -> Option<(kernel::Locale, String)> {
    let readable = *request.method() == Method::GET || *request.method() == Method::HEAD;
    if !readable || request.uri().path().starts_with("/api/") {
        return None;
    }
    let query = request.uri().query()?;
    let mut locale = None;
    let mut rest = Vec::new();
    for pair in query.split('&') {
        match pair.strip_prefix("lang=") {
            Some(tag) => locale = locale_of_tag(tag),
            None => rest.push(pair),
        }
    }
    Some((locale?, rest.join("&")))
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn a_known_language_is_kept_and_the_page_comes_back_without_it() {
        let test = TestHouse::new().await;
        let answer = test.get("/mentions-legales?a=1&lang=en&b=2", &[]).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), "/mentions-legales?a=1&b=2");
        assert!(answer.header("set-cookie").starts_with("besace-lang=en;"));
        assert!(!answer.header("set-cookie").contains("HttpOnly"));
        let only = test.get("/mentions-legales?lang=fr", &[]).await;
        assert_eq!(only.header("location"), "/mentions-legales");
    }

    #[tokio::test]
    async fn an_unknown_language_and_the_api_are_left_alone() {
        let test = TestHouse::new().await;
        assert_eq!(test.get("/mentions-legales?lang=xx", &[]).await.status, 200);
        assert_eq!(test.get("/api/v1/site?lang=en", &[]).await.status, 200);
    }

    #[tokio::test]
    async fn the_way_back_never_leaves_the_site() {
        let test = TestHouse::new().await;
        let answer = test.get("//evil.example/?lang=en", &[]).await;
        assert_eq!(answer.status, 303);
        assert_eq!(answer.header("location"), "/");
    }
}
