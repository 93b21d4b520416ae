//! The reader's language: what they chose, else what their browser asks for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::request::Parts;
use http::{HeaderMap, header};
use kernel::Locale;

use super::cookies::cookie_of;
use crate::{RequestContext, cookies};

/// The reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lang(pub Locale);

/// By the cookie, then by `Accept-Language`.
pub(crate) fn locale_of(headers: &HeaderMap) -> Locale {
    if let Some(chosen) = cookie_of(headers, cookies::LANGUAGE)
        && let Some(locale) = exact(&chosen)
    {
        return locale;
    }
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map_or(Locale::Fr, Locale::negotiate)
}

/// A language by exactly its tag.
pub(crate) fn exact(tag: &str) -> Option<Locale> {
    match tag {
        "fr" => Some(Locale::Fr),
        "en" => Some(Locale::En),
        _ => None,
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Lang {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.extensions.get::<RequestContext>().map_or_else(
            || locale_of(&parts.headers),
            |context| context.locale,
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn the_choice_goes_before_the_browser_and_an_unknown_one_counts_for_nothing() {
        let locale = |cookie: &'static str, accept: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
            locale_of(&headers)
        };
        assert_eq!(locale("besace-lang=fr", "en"), Locale::Fr);
        assert_eq!(locale("besace-lang=xx", "en"), Locale::En);
        assert_eq!(locale("a=b", "de"), Locale::Fr);
    }
}
