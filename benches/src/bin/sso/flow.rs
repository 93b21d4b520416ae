//! One sign-in, as a browser and an application do it together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// The application whose userinfo is JSON.
pub(crate) const CLIENT: &str = "mission";
/// The application whose userinfo is signed.
pub(crate) const SIGNED_CLIENT: &str = "signed";
/// Their secret; the peer's configuration repeats it.
pub(crate) const SECRET: &str = "benchmark-secret-of-an-application";
/// Where codes go.
pub(crate) const REDIRECT: &str = "https://mission.test/retour";

/// RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const SCOPES: &str = "openid given_name usual_name email uid siret";
/// A flow that is redirected more often goes in circles.
const MOST_HOPS: usize = 6;

/// Where a provider has its things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Kind {
    /// Besace.
    Besace,
    /// npm oidc-provider.
    Peer,
}

impl Kind {
    const fn paths(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Besace => ("/api/v2/authorize", "/api/v2/token", "/api/v2/userinfo"),
            Self::Peer => ("/auth", "/token", "/me"),
        }
    }

    /// The address that approves an interaction, once a redirect leads to one.
    fn approval(self, path: &str, agent: u32) -> Option<String> {
        match self {
            Self::Besace if path.starts_with("/connexion/") => {
                Some(format!("{path}/bench?agent={agent}"))
            }
            Self::Peer if path.starts_with("/interaction/") => {
                Some(format!("{path}?agent={agent}"))
            }
            Self::Besace | Self::Peer => None,
        }
    }
}

/// A provider under load.
pub(crate) struct Provider {
    client: reqwest::Client,
    kind: Kind,
    base: Url,
    application: String,
    basic: String,
}

/// What went wrong, in words.
pub(crate) type Failed = String;

impl Provider {
    pub(crate) fn new(kind: Kind, port: u16, application: &str) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the load generator is a browser, not a server that reaches out"
        )]
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(1_024)
            .no_proxy()
            .build()
            .expect("a client");
        Self {
            client,
            kind,
            base: Url::parse(&format!("http://127.0.0.1:{port}/")).expect("an address"),
            application: application.to_owned(),
            basic: format!(
                "Basic {}",
                STANDARD.encode(format!("{application}:{SECRET}"))
            ),
        }
    }

    /// One whole sign-in of a new browser.
    pub(crate) async fn sign_in(&self, agent: u32) -> Result<(), Failed> {
        let (_, token, userinfo) = self.kind.paths();
        let code = self.code(agent).await?;
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "authorization_code")
            .append_pair("code", &code)
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("code_verifier", VERIFIER)
            .finish();
        let request = self
            .client
            .post(self.at(token)?)
            .header(AUTHORIZATION, &self.basic)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form);
        let tokens: serde_json::Value =
            serde_json::from_slice(&answer(request).await?).map_err(|cause| cause.to_string())?;
        let text = |name: &str| {
            tokens
                .get(name)
                .and_then(serde_json::Value::as_str)
                .ok_or_else(|| format!("no {name}"))
        };
        if text("id_token")?.split('.').count() != 3 {
            return Err("the id token is not signed".to_owned());
        }
        let request = self
            .client
            .get(self.at(userinfo)?)
            .header(AUTHORIZATION, format!("Bearer {}", text("access_token")?));
        let claims = answer(request).await?;
        let is_signed = claims.split(|byte| *byte == b'.').count() == 3;
        let is_json = claims.first() == Some(&b'{');
        if is_json || is_signed {
            Ok(())
        } else {
            Err("userinfo is neither JSON nor signed".to_owned())
        }
    }

    /// The browser's part, up to the code.
    async fn code(&self, agent: u32) -> Result<String, Failed> {
        let mut next = self.at(self.kind.paths().0)?;
        next.query_pairs_mut()
            .append_pair("client_id", &self.application)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", REDIRECT)
            .append_pair("scope", SCOPES)
            .append_pair("state", "a-state-of-the-application")
            .append_pair("nonce", "a-nonce-of-the-application")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256");
        let mut jar = Jar::default();
        for _ in 0..MOST_HOPS {
            let mut request = self.client.get(next.clone());
            if let Some(cookies) = jar.header() {
                request = request.header(COOKIE, cookies);
            }
            let response = request.send().await.map_err(|cause| cause.to_string())?;
            if !response.status().is_redirection() {
                return Err(format!("{} from {}", response.status(), next.path()));
            }
            jar.keep(&response);
            let location = response
                .headers()
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .ok_or("a redirect without an address")?;
            next = self
                .base
                .join(location)
                .map_err(|cause| cause.to_string())?;
            if next.as_str().starts_with(REDIRECT) {
                return next
                    .query_pairs()
                    .find(|(name, _)| name == "code")
                    .map(|(_, code)| code.into_owned())
                    .ok_or_else(|| format!("refused: {}", next.query().unwrap_or_default()));
            }
            if let Some(approval) = self.kind.approval(next.path(), agent) {
                next = self.at(&approval)?;
            }
        }
        Err("redirected in circles".to_owned())
    }

    fn at(&self, path: &str) -> Result<Url, Failed> {
        self.base.join(path).map_err(|cause| cause.to_string())
    }
}

async fn answer(request: reqwest::RequestBuilder) -> Result<Vec<u8>, Failed> {
    let response = request.send().await.map_err(|cause| cause.to_string())?;
    let (status, path) = (response.status(), response.url().path().to_owned());
    let body = response.bytes().await.map_err(|cause| cause.to_string())?;
    if status.is_success() {
        Ok(body.to_vec())
    } else {
        let words = String::from_utf8_lossy(&body);
        Err(format!("{status} from {path}: {words}"))
    }
}

/// The cookies of one browser.
#[derive(Default)]
struct Jar(Vec<(String, String)>);

impl Jar {
    fn keep(&mut self, response: &reqwest::Response) {
        for header in response.headers().get_all(SET_COOKIE) {
            let pair = header.to_str().unwrap_or_default().split(';').next();
            let Some((name, value)) = pair.unwrap_or_default().split_once('=') else {
                continue;
            };
            self.0.retain(|(known, _)| known != name);
            // Both servers remove a cookie by emptying it.
            if !value.is_empty() {
                self.0.push((name.to_owned(), value.to_owned()));
            }
        }
    }

    fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(n, v)| format!("{n}={v}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }
}
