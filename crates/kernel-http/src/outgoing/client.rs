//! The client itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use kernel::Secret;
use url::Url;

use super::allow::{Allow, Passage};
use super::error::OutgoingError;
use super::resolver::GuardedResolver;

/// How requests go out.
#[derive(Debug, Clone)]
pub struct OutgoingConfig {
    /// What may be reached although it is not public: `host`, `host:port`, an address or a CIDR.
    pub allow: Vec<String>,
    /// Proxy of each provider, by the provider's name ([`Options::via`]).
    pub proxies: BTreeMap<String, Url>,
    /// Certification authorities believed beside the system's, in PEM.
    pub extra_roots_pem: Vec<String>,
    /// Until the connection stands.
    pub connect_time: Duration,
    /// Until the last byte.
    pub total_time: Duration,
    /// Bytes of an answer.
    pub answer_bytes: usize,
}

impl Default for OutgoingConfig {
    fn default() -> Self {
        Self {
            allow: Vec::new(),
            proxies: BTreeMap::new(),
            extra_roots_pem: Vec::new(),
            connect_time: Duration::from_secs(3),
            total_time: Duration::from_secs(8),
            answer_bytes: 1_000_000,
        }
    }
}

/// What a request adds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options<'a> {
    /// The provider whose proxy is taken; none, or unknown: no proxy.
    pub via: Option<&'a str>,
    /// `Accept`; `*/*` when none.
    pub accept: Option<&'static str>,
    /// Basic authentication: name and secret (already form-encoded where a protocol wants it).
    pub basic: Option<(&'a str, &'a Secret)>,
    /// Bearer token.
    pub bearer: Option<&'a Secret>,
    /// Bytes of the answer, where fewer are wanted than the client takes.
    pub answer_bytes: Option<usize>,
}

/// What came back, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Media type without parameters, in lower case; empty when none.
    pub mime: String,
    /// `Cache-Control`; empty when none.
    pub cache_control: String,
    /// `Date`; empty when none.
    pub date: String,
    /// Body, within the limit.
    pub body: Bytes,
}

impl Answer {
    /// The answer when its status is 2xx.
    ///
    /// # Errors
    /// [`OutgoingError::Status`] otherwise.
    pub fn success(self) -> Result<Self, OutgoingError> {
        if (200..300).contains(&self.status) {
            Ok(self)
        } else {
            Err(OutgoingError::Status(self.status))
        }
    }
}

/// A pair of clients: one that judges every address, one for what is named.
#[derive(Clone)]
struct Pair {
    judged: reqwest::Client,
    named: reqwest::Client,
}

/// The guarded client. Cheap to clone.
#[derive(Clone)]
pub struct Outgoing {
    allow: Arc<Allow>,
    direct: Pair,
    by_proxy: Arc<BTreeMap<String, Pair>>,
    answer_bytes: usize,
}

impl Outgoing {
    /// A client for this configuration.
    ///
    /// # Errors
    /// [`OutgoingError::Configuration`] when an entry, a proxy or a certificate cannot be read.
    pub fn new(config: OutgoingConfig) -> Result<Self, OutgoingError> {
        let allow = Arc::new(Allow::parse(&config.allow)?);
        let manners = Manners {
            roots: roots(&config.extra_roots_pem)?,
            connect_time: config.connect_time,
            total_time: config.total_time,
        };
        let direct = manners.pair(&allow, None)?;
        let mut by_proxy = BTreeMap::new();
        for (provider, proxy) in config.proxies {
            by_proxy.insert(provider, manners.pair(&allow, Some(proxy))?);
        }
        Ok(Self {
            allow,
            direct,
            by_proxy: Arc::new(by_proxy),
            answer_bytes: config.answer_bytes,
        })
    }

    /// Whether an address could go out, as far as it can be told before its name is resolved:
    /// for a form that takes addresses.
    ///
    /// # Errors
    /// [`OutgoingError::Refused`] when it could not.
    pub fn check(&self, url: &Url) -> Result<(), OutgoingError> {
        self.allow.check(url).map(|_| ())
    }

    /// Fetches.
    ///
    /// # Errors
    /// The cause, by name; a status is never an error here.
    pub async fn get(&self, url: &Url, options: &Options<'_>) -> Result<Answer, OutgoingError> {
        let client = self.client(url, options)?;
        self.send(client.get(url.clone()), options).await
    }

    /// Sends a form.
    ///
    /// # Errors
    /// The cause, by name; a status is never an error here.
    pub async fn post_form(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        options: &Options<'_>,
    ) -> Result<Answer, OutgoingError> {
        let client = self.client(url, options)?;
        self.send(client.post(url.clone()).form(form), options)
            .await
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// The cause, by name; a status is never an error here.
    pub async fn post_json(
        &self,
        url: &Url,
        body: &serde_json::Value,
        options: &Options<'_>,
    ) -> Result<Answer, OutgoingError> {
        let client = self.client(url, options)?;
        self.send(client.post(url.clone()).json(body), options)
            .await
    }

    fn client(&self, url: &Url, options: &Options<'_>) -> Result<&reqwest::Client, OutgoingError> {
        let passage = self.allow.check(url)?;
        let pair = options
            .via
            .and_then(|provider| self.by_proxy.get(provider))
            .unwrap_or(&self.direct);
        Ok(match passage {
            Passage::Judged => &pair.judged,
            Passage::Named => &pair.named,
        })
    }

    async fn send(
        &self,
        request: reqwest::RequestBuilder,
        options: &Options<'_>,
    ) -> Result<Answer, OutgoingError> {
        let mut request = request
            .header(
                header::ACCEPT_ENCODING,
                HeaderValue::from_static("identity"),
            )
            .header(header::ACCEPT, options.accept.unwrap_or("*/*"));
        if let Some((name, secret)) = options.basic {
            request = request.basic_auth(name, Some(secret.expose()));
        }
        if let Some(token) = options.bearer {
            request = request.bearer_auth(token.expose());
        }
        let mut response = request
            .send()
            .await
            .map_err(|cause| OutgoingError::of(&cause))?;
        let said = |name| {
            response
                .headers()
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
                .unwrap_or_default()
                .to_owned()
        };
        let kind = said(header::CONTENT_TYPE);
        let mime = kind
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_lowercase();
        let (cache_control, date) = (said(header::CACHE_CONTROL), said(header::DATE));
        let status: StatusCode = response.status();
        let limit = options
            .answer_bytes
            .map_or(self.answer_bytes, |wanted| wanted.min(self.answer_bytes));
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|cause| OutgoingError::of(&cause))?
        {
            if body.len().saturating_add(chunk.len()) > limit {
                return Err(OutgoingError::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status: status.as_u16(),
            mime,
            cache_control,
            date,
            body: Bytes::from(body),
        })
    }
}

/// What every client has in common.
struct Manners {
    roots: Vec<reqwest::Certificate>,
    connect_time: Duration,
    total_time: Duration,
}

impl Manners {
    fn pair(&self, allow: &Arc<Allow>, proxy: Option<Url>) -> Result<Pair, OutgoingError> {
        let Some(proxy) = proxy else {
            let resolver = GuardedResolver(Arc::clone(allow));
            return Ok(Pair {
                judged: built(self.builder().dns_resolver(resolver))?,
                named: built(self.builder())?,
            });
        };
        let proxy = reqwest::Proxy::all(proxy).map_err(|cause| configuration(&cause))?;
        // The proxy resolves; its own name must not be judged here.
        let named = built(self.builder().proxy(proxy))?;
        Ok(Pair {
            judged: named.clone(),
            named,
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that builds a client, guarded"
    )]
    fn builder(&self) -> reqwest::ClientBuilder {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("Besace/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(self.connect_time)
            .timeout(self.total_time);
        if self.roots.is_empty() {
            builder
        } else {
            builder.tls_certs_merge(self.roots.iter().cloned())
        }
    }
}

fn roots(texts: &[String]) -> Result<Vec<reqwest::Certificate>, OutgoingError> {
    let mut roots = Vec::new();
    for pem in texts {
        let certificates = reqwest::Certificate::from_pem_bundle(pem.as_bytes())
            .map_err(|cause| configuration(&cause))?;
        roots.extend(certificates);
    }
    Ok(roots)
}

fn built(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, OutgoingError> {
    builder.build().map_err(|cause| configuration(&cause))
}

fn configuration(cause: &reqwest::Error) -> OutgoingError {
    OutgoingError::Configuration(cause.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outgoing::Reason;
    use axum::Router;
    use axum::routing::{get, post};

    async fn peer() -> u16 {
        let router = Router::new()
            .route(
                "/",
                get(|headers: http::HeaderMap| async move {
                    let said = headers.get("accept-encoding").cloned();
                    (
                        axum::response::AppendHeaders([("x", "y")]),
                        format!("hello {said:?}"),
                    )
                }),
            )
            .route("/form", post(|body: String| async move { body }))
            .route(
                "/away",
                get(|| async { axum::response::Redirect::to("http://169.254.169.254/") }),
            )
            .route("/heavy", get(|| async { "a".repeat(2_000) }))
            .route(
                "/never",
                get(|| async { std::future::pending::<()>().await }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("listener");
        let port = listener.local_addr().expect("address").port();
        tokio::spawn(async move { axum_serve(listener, router).await });
        port
    }

    async fn axum_serve(listener: tokio::net::TcpListener, router: Router) {
        let stop = tokio_util::sync::CancellationToken::new();
        let _ended = crate::serve(listener, None, router, stop, crate::Limits::default()).await;
    }

    fn client(allow: &str) -> Outgoing {
        Outgoing::new(OutgoingConfig {
            allow: vec![allow.to_owned()],
            answer_bytes: 1_000,
            total_time: Duration::from_millis(300),
            ..OutgoingConfig::default()
        })
        .expect("client")
    }

    fn url(port: u16, path: &str) -> Url {
        Url::parse(&format!("http://localhost:{port}{path}")).expect("url")
    }

    #[tokio::test]
    async fn a_named_peer_is_reached_and_its_redirect_is_not_followed() {
        let port = peer().await;
        let outgoing = client(&format!("localhost:{port}"));
        let options = Options::default();
        let answer = outgoing
            .get(&url(port, "/"), &options)
            .await
            .expect("answer");
        assert_eq!((answer.status, answer.mime.as_str()), (200, "text/plain"));
        assert_eq!(&answer.body[..], b"hello Some(\"identity\")");
        let away = outgoing
            .get(&url(port, "/away"), &options)
            .await
            .expect("answer");
        assert_eq!(away.status, 303);
        assert!(matches!(away.success(), Err(OutgoingError::Status(303))));
        let form = [("a", "1"), ("b", "é")];
        let form = outgoing
            .post_form(&url(port, "/form"), &form, &options)
            .await
            .expect("answer");
        assert_eq!(&form.body[..], b"a=1&b=%C3%A9");
    }

    #[tokio::test]
    async fn a_name_that_resolves_inside_is_refused_unless_its_network_is_allowed() {
        let port = peer().await;
        let refused = client("other.test")
            .get(&url(port, "/"), &Options::default())
            .await;
        assert!(
            matches!(
                refused,
                Err(OutgoingError::Refused {
                    reason: Reason::Address
                })
            ),
            "{refused:?}"
        );
        let allowed = client("127.0.0.0/8")
            .get(&url(port, "/"), &Options::default())
            .await;
        assert_eq!(allowed.expect("answer").status, 200);
    }

    #[tokio::test]
    async fn an_answer_too_large_or_too_late_is_given_up() {
        let port = peer().await;
        let outgoing = client("localhost");
        let heavy = outgoing
            .get(&url(port, "/heavy"), &Options::default())
            .await;
        assert!(
            matches!(heavy, Err(OutgoingError::TooLarge { limit: 1_000 })),
            "{heavy:?}"
        );
        let few = Options {
            answer_bytes: Some(5),
            ..Options::default()
        };
        let heavy = outgoing.get(&url(port, "/"), &few).await;
        assert!(
            matches!(heavy, Err(OutgoingError::TooLarge { limit: 5 })),
            "{heavy:?}"
        );
        let late = outgoing
            .get(&url(port, "/never"), &Options::default())
            .await;
        assert!(matches!(late, Err(OutgoingError::TimedOut)), "{late:?}");
    }

    #[tokio::test]
    async fn a_provider_s_proxy_is_taken_for_it_alone_and_never_towards_a_literal_address_inside() {
        let port = peer().await;
        let proxy = Url::parse(&format!("http://127.0.0.1:{port}")).expect("url");
        let outgoing = Outgoing::new(OutgoingConfig {
            proxies: BTreeMap::from([("fia".to_owned(), proxy)]),
            ..OutgoingConfig::default()
        })
        .expect("client");
        let via = Options {
            via: Some("fia"),
            ..Options::default()
        };
        let away = Url::parse("http://provider.invalid/").expect("url");
        let answer = outgoing.get(&away, &via).await.expect("answer");
        assert!(answer.body.starts_with(b"hello"));
        let direct = outgoing.get(&away, &Options::default()).await;
        assert!(
            matches!(direct, Err(OutgoingError::Unreachable { .. })),
            "{direct:?}"
        );
        let inside = outgoing
            .get(&Url::parse("http://127.0.0.1/").expect("url"), &via)
            .await;
        assert!(
            matches!(inside, Err(OutgoingError::Refused { .. })),
            "{inside:?}"
        );
    }

    #[tokio::test]
    async fn nobody_listening_is_unreachable() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("listener");
        let port = listener.local_addr().expect("address").port();
        drop(listener);
        let nobody = client("localhost")
            .get(&url(port, "/"), &Options::default())
            .await;
        assert!(
            matches!(nobody, Err(OutgoingError::Unreachable { .. })),
            "{nobody:?}"
        );
    }
}
