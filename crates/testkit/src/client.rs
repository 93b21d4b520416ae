//! A browser's manners without a browser: cookies are kept, redirects are the test's to follow.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use cookie::Cookie;
use http::{Method, Request, header};
use http_body_util::BodyExt as _;
use serde::Serialize;
use tower::ServiceExt as _;
use url::Url;

use crate::Answer;

/// One reader.
#[derive(Clone)]
pub struct Client {
    router: Router,
    base: Url,
    cookies: BTreeMap<String, String>,
    headers: Vec<(String, String)>,
    csrf: Option<String>,
}

impl Client {
    /// Of an application at this address, whoever composed it.
    pub fn new(router: Router, base: Url) -> Self {
        Self {
            router,
            base,
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            csrf: None,
        }
    }

    /// Sends this header with each request from now on.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends this CSRF token with each write from now on; none: no token any more.
    pub fn set_csrf(&mut self, token: Option<String>) {
        self.csrf = token;
    }

    /// Keeps a cookie as if it had been set.
    pub fn set_cookie(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.cookies.insert(name.into(), value.into());
    }

    /// A kept cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    /// Every kept cookie.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cookies
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Forgets every cookie.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }

    /// `GET` of a path, or of a whole address of this application.
    pub async fn get(&mut self, target: &str) -> Answer {
        self.send(Method::GET, target, None, Body::empty()).await
    }

    /// `POST` of a form.
    pub async fn post_form(&mut self, target: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = Some("application/x-www-form-urlencoded");
        self.send(Method::POST, target, kind, Body::from(body))
            .await
    }

    /// `POST` of JSON.
    pub async fn post_json<T: Serialize + ?Sized>(&mut self, target: &str, body: &T) -> Answer {
        self.json(Method::POST, target, body).await
    }

    /// Any method with JSON.
    pub async fn json<T: Serialize + ?Sized>(
        &mut self,
        method: Method,
        target: &str,
        body: &T,
    ) -> Answer {
        let body = serde_json::to_vec(body).expect("a body that is JSON");
        self.send(method, target, Some("application/json"), Body::from(body))
            .await
    }

    /// Any method with these bytes.
    pub async fn send_bytes(
        &mut self,
        method: Method,
        target: &str,
        content_type: &str,
        bytes: &[u8],
    ) -> Answer {
        let body = Body::from(bytes.to_vec());
        self.send(method, target, Some(content_type), body).await
    }

    /// Any method without a body.
    pub async fn call(&mut self, method: Method, target: &str) -> Answer {
        self.send(method, target, None, Body::empty()).await
    }

    async fn send(
        &mut self,
        method: Method,
        target: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Answer {
        let url = self.base.join(target).expect("a path or an address");
        assert_eq!(
            url.origin(),
            self.base.origin(),
            "this client speaks to one application only"
        );
        let path = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        let mut request = Request::builder().method(&method).uri(path);
        if let Some(kind) = content_type {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| Cookie::new(name, value).encoded().to_string())
                .collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if !method.is_safe()
            && let Some(token) = &self.csrf
        {
            request = request.header(kernel_http::csrf::HEADER, token);
        }
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        for value in parts.headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().expect("a cookie of text"));
        }
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body.collect().await.expect("a whole body").to_bytes(),
        }
    }

    fn keep(&mut self, set: &str) {
        let cookie = Cookie::parse_encoded(set.to_owned()).expect("a cookie");
        let ended = cookie
            .max_age()
            .is_some_and(cookie::time::Duration::is_zero);
        if ended {
            self.cookies.remove(cookie.name());
        } else {
            self.cookies
                .insert(cookie.name().to_owned(), cookie.value().to_owned());
        }
    }
}
