//! The request's cookies.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use cookie::Cookie;
use http::request::Parts;
use http::{HeaderMap, header};

/// The cookies that came; of two with one name, the first.
#[derive(Debug, Clone, Default)]
pub struct Cookies(HeaderMap);

impl Cookies {
    /// The cookies in these headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut own = HeaderMap::new();
        for value in headers.get_all(header::COOKIE) {
            own.append(header::COOKIE, value.clone());
        }
        Self(own)
    }

    /// A cookie's value.
    pub fn get(&self, name: &str) -> Option<String> {
        cookie_of(&self.0, name)
    }

    /// Every name and value.
    pub fn all(&self) -> Vec<(String, String)> {
        pairs(&self.0)
            .filter_map(|pair| Cookie::parse_encoded(pair).ok())
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect()
    }
}

fn pairs(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .map(str::trim)
}

/// The value of one cookie. Only that one is decoded: sealed ones are long, and a name that would
/// have to be decoded is not one of ours.
pub(crate) fn cookie_of(headers: &HeaderMap, name: &str) -> Option<String> {
    pairs(headers)
        .filter(|pair| pair.split_once('=').is_some_and(|(n, _)| n.trim() == name))
        .find_map(|pair| Cookie::parse_encoded(pair).ok())
        .map(|cookie| cookie.value().to_owned())
}

impl<S: Send + Sync> FromRequestParts<S> for Cookies {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::of(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_cookie_is_found_by_its_whole_name_and_the_first_wins() {
        let mut headers = HeaderMap::new();
        headers.append(
            header::COOKIE,
            HeaderValue::from_static("a=1; ab=2; a=3; bad; c=x%20y; %65=5"),
        );
        headers.append(header::COOKIE, HeaderValue::from_static("d=4"));
        let cookies = Cookies::of(&headers);
        assert_eq!(cookies.get("a").as_deref(), Some("1"));
        assert_eq!(cookies.get("c").as_deref(), Some("x y"));
        assert_eq!(cookies.get("d").as_deref(), Some("4"));
        assert_eq!(cookies.get("b"), None);
        assert_eq!(cookies.get("e"), None, "a name in disguise");
        assert_eq!(cookies.all().len(), 6);
    }
}
