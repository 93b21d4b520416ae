//! Browsers that are signed in.

use reqwest::header::{CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use url::Url;

/// What reaches the server; one for all, as a browser's network is.
#[derive(Clone)]
pub(crate) struct Network {
    client: reqwest::Client,
    base: Url,
}

/// An agent's session.
#[derive(Clone)]
pub(crate) struct Session {
    network: Network,
    /// The `Cookie` header.
    pub(crate) cookies: String,
}

impl Network {
    pub(crate) fn to(port: u16) -> Self {
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
        let base = Url::parse(&format!("http://127.0.0.1:{port}/")).expect("an address");
        Self { client, base }
    }

    fn at(&self, path: &str) -> Url {
        self.base.join(path).expect("an address")
    }

    /// Has the server say a hint to everybody.
    pub(crate) async fn say(&self) {
        let request = self.client.post(self.at("/bench/say"));
        request.send().await.expect("an answer");
    }

    /// Signs an agent in at the pages of the sign-in.
    pub(crate) async fn sign_in(&self, agent: u32) -> Session {
        let mut jar: Vec<(String, String)> = Vec::new();
        let mut next = self.at("/connexion");
        for _ in 0..4 {
            let pairs: Vec<_> = jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let request = self
                .client
                .get(next.clone())
                .header(COOKIE, pairs.join("; "));
            let response = request.send().await.expect("an answer");
            for header in response.headers().get_all(SET_COOKIE) {
                let pair = header.to_str().unwrap_or_default().split(';').next();
                let Some((name, value)) = pair.unwrap_or_default().split_once('=') else {
                    continue;
                };
                jar.retain(|(known, _)| known != name);
                if !value.is_empty() {
                    jar.push((name.to_owned(), value.to_owned()));
                }
            }
            let location = response
                .headers()
                .get(LOCATION)
                .and_then(|value| value.to_str().ok())
                .unwrap_or_default();
            if location.starts_with("/connexion/") {
                next = self.at(&format!("{location}/bench?agent={agent}"));
                continue;
            }
            let cookies: Vec<_> = jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let session = Session {
                network: self.clone(),
                cookies: cookies.join("; "),
            };
            let known = session.get("/api/v1/session").await;
            assert!(known.is_ok(), "agent {agent} is not signed in");
            return session;
        }
        unreachable_sign_in(agent)
    }
}

#[expect(clippy::panic, reason = "a bench stops where it fails")]
fn unreachable_sign_in(agent: u32) -> Session {
    panic!("the sign-in of agent {agent} goes in circles")
}

impl Session {
    /// A page's answer, whole.
    pub(crate) async fn get(&self, path: &str) -> Result<Vec<u8>, String> {
        let request = self.network.client.get(self.network.at(path));
        self.send(request).await
    }

    /// A write with the session's token.
    pub(crate) async fn post(
        &self,
        path: &str,
        token: &str,
        body: String,
    ) -> Result<Vec<u8>, String> {
        let request = self
            .network
            .client
            .post(self.network.at(path))
            .header(CONTENT_TYPE, "application/json")
            .header("x-besace-csrf", token)
            .body(body);
        self.send(request).await
    }

    /// The token of its writes, and the administration of its agent.
    pub(crate) async fn facts(&self) -> (String, String) {
        let answer = self.get("/api/v1/session").await.expect("a session");
        let facts: serde_json::Value = serde_json::from_slice(&answer).expect("JSON");
        let text = |pointer: &str| {
            let found = facts.pointer(pointer).and_then(serde_json::Value::as_str);
            found.unwrap_or_default().to_owned()
        };
        (text("/csrfToken"), text("/agent/organisation/id"))
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Vec<u8>, String> {
        let request = request.header(COOKIE, &self.cookies);
        let response = request.send().await.map_err(|cause| cause.to_string())?;
        let status = response.status();
        let body = response.bytes().await.map_err(|cause| cause.to_string())?;
        if status.is_success() {
            Ok(body.to_vec())
        } else {
            Err(format!("{status}: {}", String::from_utf8_lossy(&body)))
        }
    }
}
