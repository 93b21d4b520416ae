//! The embedded web app: long-lived assets, one HTML entry for every page of ours.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::{Extension, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use kernel::Problem;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::House;
use crate::csp::Policy;
use crate::extract::session::resolve;
use crate::problem::{ApiError, wants_page};

/// One file.
#[derive(Debug, Clone)]
pub struct Asset {
    /// As it is.
    pub bytes: Cow<'static, [u8]>,
    /// Compressed beforehand with brotli, when that is smaller.
    pub brotli: Option<Cow<'static, [u8]>>,
    /// Media type.
    pub mime: Cow<'static, str>,
    /// Hexadecimal digest of `bytes`: the entity tag.
    pub hash: Cow<'static, str>,
}

/// Where the web app's files are. Paths have no leading slash (`index.html`, `assets/app.js`).
pub trait WebAssets: Send + Sync {
    /// The file at exactly this path.
    fn get(&self, path: &str) -> Option<Asset>;

    /// The HTML of a page of the web app, at this path of the site (`/outils`); none: it has no
    /// such page.
    fn page(&self, _path: &str) -> Option<Asset> {
        self.get(INDEX)
    }
}

/// The HTML of the portal's web app.
const INDEX: &str = "index.html";
/// That of a provider's.
const PROVIDER: &str = "provider.html";

/// What an instance without a portal serves: the typefaces of its server-rendered pages, and the
/// administration of its accounts, an application of its own.
pub struct ProviderWeb(pub Arc<dyn WebAssets>);

impl WebAssets for ProviderWeb {
    fn get(&self, path: &str) -> Option<Asset> {
        let served = path.starts_with("fonts/") || path.starts_with("assets/");
        if served || path == "favicon.svg" {
            self.0.get(path)
        } else {
            None
        }
    }

    fn page(&self, path: &str) -> Option<Asset> {
        let below = path.strip_prefix("/administration")?;
        if below.is_empty() || below.starts_with('/') {
            self.0.get(PROVIDER)
        } else {
            None
        }
    }
}

/// Prefixes that belong to machines: an unknown path there is a 404, never the web app.
const MACHINES: [&str; 15] = [
    "/api",
    "/assets",
    "/fonts",
    "/.well-known",
    "/_matrix",
    "/_pages",
    "/_launcher",
    "/dav",
    "/scim",
    "/rtc",
    "/twirp",
    "/collab",
    "/wopi",
    "/healthz",
    "/readyz",
];

/// Directories whose files have their digest in their name.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What other sites embed has a name that never moves: it is kept for an hour, then for a week
/// while it is compared.
const STABLE_NAME: &str = "public, max-age=3600, stale-while-revalidate=604800";

/// The script that keeps the shell for when there is no network: asked again at each visit.
const SERVICE_WORKER: &str = "sw.js";

/// Answers whatever no route answers.
pub(crate) async fn fallback(
    Extension(web): Extension<Option<Arc<dyn WebAssets>>>,
    request: Request,
) -> Response {
    let (mut parts, _) = request.into_parts();
    let answer = answer(
        web.as_deref(),
        &parts.method,
        parts.uri.path(),
        &parts.headers,
    );
    match answer {
        None => ApiError(Problem::not_found()).into_response(),
        Some(Answer::File(response)) => response,
        Some(Answer::App(response)) => match sign_in_first(&mut parts).await {
            Some(redirect) => redirect,
            None => response,
        },
    }
}

/// What a path is answered with.
enum Answer {
    /// A file, for everybody.
    File(Response),
    /// The web app, for whoever has signed in.
    App(Response),
}

/// Where somebody without a session goes instead of the web app: a page that would only find out
/// by a refused request costs a round trip and an error in the console.
async fn sign_in_first(parts: &mut Parts) -> Option<Response> {
    let path = parts.extensions.get::<House>()?.sign_in?;
    if !matches!(resolve(parts).await, Ok(None)) {
        return None;
    }
    let here = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let target = match here {
        "/" => path.to_owned(),
        here => format!(
            "{path}?retour={}",
            utf8_percent_encode(here, NON_ALPHANUMERIC)
        ),
    };
    let mut response = Redirect::to(&target).into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

fn answer(
    web: Option<&dyn WebAssets>,
    method: &Method,
    path: &str,
    headers: &HeaderMap,
) -> Option<Answer> {
    if *method != Method::GET && *method != Method::HEAD {
        return None;
    }
    let web = web?;
    if let Some(name) = plain(path)
        && !matches!(name, INDEX | PROVIDER)
        && let Some(asset) = web.get(name)
    {
        let response = if name.starts_with("assets/") {
            file(&asset, IMMUTABLE, headers)
        } else if name.starts_with("_launcher/") {
            for_every_site(file(&asset, STABLE_NAME, headers))
        } else if name == SERVICE_WORKER {
            // What the worker may ask for is what its own script's policy says.
            let mut script = file(&asset, "no-cache", headers);
            script.extensions_mut().insert(Policy::worker());
            script
        } else {
            file(&asset, "public, max-age=3600", headers)
        };
        return Some(Answer::File(response));
    }
    if is_machine(path) || !wants_page(headers, path) {
        return None;
    }
    let page = web.page(path)?;
    let mut response = file(&page, "no-cache", headers);
    response.extensions_mut().insert(Policy::web_app());
    Some(Answer::App(response))
}

/// Lets pages of every site load a file that holds nothing of anybody.
fn for_every_site(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    response
}

fn is_machine(path: &str) -> bool {
    MACHINES.iter().any(|prefix| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The file's name in a path that has nothing clever in it; none otherwise.
fn plain(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let clean = !name.is_empty()
        && name
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.'))
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'.' | b'-' | b'_'));
    clean.then_some(name)
}

fn file(asset: &Asset, caching: &'static str, headers: &HeaderMap) -> Response {
    let brotli = asset.brotli.as_ref().filter(|_| accepts_brotli(headers));
    // Two encodings are two representations (RFC 9110 §8.8.3.3).
    let tag = match brotli {
        Some(_) => format!("\"{}-br\"", asset.hash),
        None => format!("\"{}\"", asset.hash),
    };
    let mut response = if matches_tag(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let bytes = brotli.unwrap_or(&asset.bytes);
        let body = match bytes {
            Cow::Borrowed(bytes) => axum::body::Body::from(bytes::Bytes::from_static(bytes)),
            Cow::Owned(bytes) => axum::body::Body::from(bytes.clone()),
        };
        let mut response = Response::new(body);
        let mime = HeaderValue::from_str(&asset.mime)
            .unwrap_or(HeaderValue::from_static("application/octet-stream"));
        response.headers_mut().insert(header::CONTENT_TYPE, mime);
        if brotli.is_some() {
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    };
    let out = response.headers_mut();
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        out.insert(header::ETAG, tag);
    }
    response
}

fn accepts_brotli(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| {
            let mut parts = coding.split(';').map(str::trim);
            parts.next() == Some("br")
                && parts
                    .find_map(|part| part.strip_prefix("q="))
                    .is_none_or(|q| q.parse::<f32>().is_ok_and(|q| q > 0.0))
        })
}

fn matches_tag(headers: &HeaderMap, tag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|known| known.trim().trim_start_matches("W/"))
        .any(|known| known == tag || known == "*")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{GOOD_COOKIE, TestHouse, caller};

    struct Files;

    impl WebAssets for Files {
        fn get(&self, path: &str) -> Option<Asset> {
            let (text, mime, brotli) = match path {
                "index.html" => ("<!doctype html>app", "text/html; charset=utf-8", None),
                "provider.html" => ("<!doctype html>provider", "text/html", None),
                "assets/app-1.js" => ("let a", "text/javascript", Some(&b"BR"[..])),
                "_launcher/v1.js" => ("let l", "text/javascript", None),
                "fonts/inter-latin.woff2" => ("font", "font/woff2", None),
                "sw.js" => ("self", "text/javascript", None),
                _ => return None,
            };
            Some(Asset {
                bytes: Cow::Borrowed(text.as_bytes()),
                brotli: brotli.map(Cow::Borrowed),
                mime: Cow::Borrowed(mime),
                hash: Cow::Borrowed("abc"),
            })
        }
    }

    const BROWSER: (&str, &str) = ("accept", "text/html,*/*;q=0.8");

    #[tokio::test]
    async fn who_has_no_session_is_sent_to_the_sign_in_page_and_brought_back() {
        let test = TestHouse::new()
            .await
            .with_web(Arc::new(Files))
            .with_sign_in("/connexion");
        let home = test.get("/", &[BROWSER]).await;
        assert_eq!(
            (home.status, home.header("location").as_str()),
            (303, "/connexion")
        );
        let tools = test.get("/outils?filtre=a%20b", &[BROWSER]).await;
        assert_eq!(
            tools.header("location"),
            "/connexion?retour=%2Foutils%3Ffiltre%3Da%2520b"
        );
        assert_eq!(tools.header("cache-control"), "no-store");
        assert_eq!(
            test.get("/assets/app-1.js", &[BROWSER]).await.status,
            200,
            "a file is for all"
        );
    }

    #[tokio::test]
    async fn a_provider_serves_its_administration_and_no_page_of_a_portal() {
        let test = TestHouse::new()
            .await
            .with_web(Arc::new(ProviderWeb(Arc::new(Files))))
            .with_sign_in("/connexion")
            .with_caller(caller());
        let cookie = test.session(GOOD_COOKIE);
        let headers = [BROWSER, ("cookie", cookie.as_str())];
        for path in ["/administration", "/administration/comptes"] {
            let page = test.get(path, &headers).await;
            assert_eq!(
                (page.status, page.text().as_str()),
                (200, "<!doctype html>provider"),
                "{path}"
            );
            let stranger = test.get(path, &[BROWSER]).await;
            assert_eq!(stranger.status, 303, "{path}");
        }
        for path in [
            "/",
            "/outils",
            "/administrations",
            "/index.html",
            "/provider.html",
            "/sw.js",
        ] {
            assert_eq!(test.get(path, &headers).await.status, 404, "{path}");
        }
        for path in ["/assets/app-1.js", "/fonts/inter-latin.woff2"] {
            assert_eq!(test.get(path, &[BROWSER]).await.status, 200, "{path}");
        }
    }

    #[tokio::test]
    async fn who_has_a_session_gets_the_web_app() {
        let test = TestHouse::new()
            .await
            .with_web(Arc::new(Files))
            .with_sign_in("/connexion")
            .with_caller(caller());
        let cookie = test.session(GOOD_COOKIE);
        assert_eq!(
            test.get("/", &[BROWSER, ("cookie", &cookie)]).await.status,
            200
        );
    }

    #[tokio::test]
    async fn pages_of_ours_are_the_web_app_and_machines_paths_are_not() {
        let test = TestHouse::new().await.with_web(Arc::new(Files));
        for path in ["/", "/outils", "/outils/reunions", "/apiculture"] {
            let page = test.get(path, &[BROWSER]).await;
            assert_eq!(
                (page.status, page.text().as_str()),
                (200, "<!doctype html>app"),
                "{path}"
            );
            assert_eq!(page.header("cache-control"), "no-cache");
            assert!(
                page.header("content-security-policy")
                    .contains("script-src 'self'")
            );
        }
        for path in [
            "/api/v1/nowhere",
            "/api/v2/nowhere",
            "/assets/gone-2.js",
            "/fonts/gone.woff2",
            "/.well-known/nowhere",
            "/_matrix/client/versions",
            "/dav",
        ] {
            assert_eq!(test.get(path, &[BROWSER]).await.status, 404, "{path}");
        }
        assert_eq!(
            test.get("/", &[("accept", "application/json")])
                .await
                .status,
            404
        );
        assert_eq!(
            test.send("POST", "/outils", &[BROWSER], "").await.status,
            404
        );
    }

    #[tokio::test]
    async fn an_asset_is_kept_for_a_year_and_sent_as_brotli_when_accepted() {
        let test = TestHouse::new().await.with_web(Arc::new(Files));
        let plain = test.get("/assets/app-1.js", &[]).await;
        assert_eq!((plain.status, plain.text().as_str()), (200, "let a"));
        assert_eq!(plain.header("cache-control"), IMMUTABLE);
        let br = test
            .get("/assets/app-1.js", &[("accept-encoding", "gzip, br")])
            .await;
        assert_eq!(
            (br.header("content-encoding").as_str(), br.text().as_str()),
            ("br", "BR")
        );
        let refused = test
            .get("/assets/app-1.js", &[("accept-encoding", "br;q=0")])
            .await;
        assert_eq!(refused.text(), "let a");
        let head = test.send("HEAD", "/assets/app-1.js", &[], "").await;
        assert_eq!((head.status, head.text().as_str()), (200, ""));
    }

    #[tokio::test]
    async fn what_other_sites_embed_is_for_all_of_them_and_what_is_ours_is_not() {
        let test = TestHouse::new().await.with_web(Arc::new(Files));
        let script = test
            .get("/_launcher/v1.js", &[("origin", "https://tool.test")])
            .await;
        assert_eq!((script.status, script.text().as_str()), (200, "let l"));
        assert_eq!(script.header("access-control-allow-origin"), "*");
        assert_eq!(
            script.header("cross-origin-resource-policy"),
            "cross-origin"
        );
        assert_eq!(script.header("cache-control"), STABLE_NAME);
        let known = [("if-none-match", &*script.header("etag"))];
        let again = test.get("/_launcher/v1.js", &known).await;
        assert_eq!(again.status, 304);
        let ours = test.get("/assets/app-1.js", &[]).await;
        assert_eq!(ours.header("access-control-allow-origin"), "");
        assert_eq!(ours.header("cross-origin-resource-policy"), "same-origin");
        assert_eq!(test.get("/_launcher/v2.js", &[BROWSER]).await.status, 404);
    }

    #[tokio::test]
    async fn the_service_worker_is_asked_again_each_time_and_may_ask_ourselves_only() {
        let test = TestHouse::new().await.with_web(Arc::new(Files));
        let script = test.get("/sw.js", &[]).await;
        assert_eq!(script.header("cache-control"), "no-cache");
        let policy = script.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("connect-src 'self';"), "{policy}");
    }

    #[tokio::test]
    async fn a_known_entry_is_not_sent_again() {
        let test = TestHouse::new().await.with_web(Arc::new(Files));
        let first = test.get("/", &[BROWSER]).await;
        let again = test
            .get("/", &[BROWSER, ("if-none-match", &first.header("etag"))])
            .await;
        assert_eq!((again.status, again.text().as_str()), (304, ""));
        let other = test
            .get("/", &[BROWSER, ("if-none-match", "\"old\"")])
            .await;
        assert_eq!(other.status, 200);
    }

    #[test]
    fn a_path_with_something_clever_in_it_names_no_file() {
        for path in [
            "/../etc/passwd",
            "/assets/../index.html",
            "/assets//app.js",
            "/assets/%2e%2e/x",
            "/.git/config",
            "/assets/a\\b",
            "/",
        ] {
            assert_eq!(plain(path), None, "{path}");
        }
        assert_eq!(plain("/assets/app-1.js"), Some("assets/app-1.js"));
    }
}
