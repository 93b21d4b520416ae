//! The line to one provider: its configuration, its breaker, its metadata and keys.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jose::{Algorithm, Claims, Error, JwkSet, Keys};
use kernel::{Clock, Timestamp};
use kernel_http::outgoing::{Answer, Options};
use kernel_http::{BoxFuture, OutgoingError};
use serde::de::DeserializeOwned;
use url::Url;

use super::breaker::Breaker;
use super::cache::Cached;
use super::config::ProviderConfig;
use super::error::{CallFault, Step, UpstreamError};
use super::fetch::Fetch;
use super::metadata::{self, Metadata};

/// The longest a call to a provider lasts.
pub const CALL_TIME: Duration = Duration::from_secs(3);

/// How long metadata is good.
const METADATA_LIFE: Duration = Duration::from_hours(1);
/// How long keys are good.
const KEYS_LIFE: Duration = Duration::from_mins(10);
/// How often an unknown key makes us fetch the keys again.
const UNKNOWN_KEY_EVERY: Duration = Duration::from_secs(30);

/// How long a provider that was heard is believed to answer still: after that, it is asked before
/// somebody is sent there, lest they land on a page that does not answer.
const HEARD_LATELY: Duration = Duration::from_secs(30);

/// The line to one provider.
pub(super) struct Link {
    pub(super) config: ProviderConfig,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    call_time: Duration,
    breaker: Mutex<Breaker>,
    heard_at: Mutex<Option<Timestamp>>,
    metadata: Cached<Metadata>,
    keys: Cached<JwkSet>,
    unknown_key_at: Mutex<Option<Timestamp>>,
}

impl Link {
    /// A line on which nothing was said yet.
    pub(super) fn new(
        config: ProviderConfig,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        call_time: Duration,
    ) -> Self {
        Self {
            config,
            fetch,
            clock,
            call_time,
            breaker: Mutex::new(Breaker::default()),
            heard_at: Mutex::new(None),
            metadata: Cached::new(METADATA_LIFE),
            keys: Cached::new(KEYS_LIFE),
            unknown_key_at: Mutex::new(None),
        }
    }

    /// The present.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Since when there has been no answer, and how many calls got none.
    pub(super) fn health(&self) -> (Option<Timestamp>, u32) {
        let breaker = self.breaker();
        (breaker.open_since(), breaker.failures())
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches from the provider, through its proxy.
    pub(super) async fn get(&self, url: &Url, options: Options<'_>) -> Result<Answer, CallFault> {
        let options = Options {
            via: Some(self.config.id.as_str()),
            ..options
        };
        self.call(|| self.fetch.get(url, options)).await
    }

    /// Sends a form to the provider, through its proxy.
    pub(super) async fn post_form(
        &self,
        url: &Url,
        form: &[(&str, &str)],
        options: Options<'_>,
    ) -> Result<Answer, CallFault> {
        let options = Options {
            via: Some(self.config.id.as_str()),
            ..options
        };
        self.call(|| self.fetch.post_form(url, form, options)).await
    }

    async fn call<'a>(
        &self,
        send: impl FnOnce() -> BoxFuture<'a, Result<Answer, OutgoingError>>,
    ) -> Result<Answer, CallFault> {
        self.breaker()
            .permit(self.now())
            .map_err(|since| CallFault::Down { since })?;
        let answer = match tokio::time::timeout(self.call_time, send()).await {
            Ok(Ok(answer)) => judged(answer),
            Ok(Err(cause)) => Err(fault(&cause)),
            Err(_) => Err(CallFault::Network {
                cause: "no answer in time".to_owned(),
            }),
        };
        match &answer {
            Ok(_) | Err(CallFault::Document(_)) => {
                self.breaker().answered();
                *self.heard_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(self.now());
            }
            Err(CallFault::Network { .. }) => self.breaker().failed(self.now()),
            // What never left says nothing of the provider.
            Err(_) => {}
        }
        answer
    }

    /// The provider's metadata, perhaps an older one while it does not answer.
    pub(super) async fn metadata(&self) -> Result<Arc<Metadata>, UpstreamError> {
        self.metadata
            .get(self.now(), self.fetch_metadata())
            .await
            .map_err(|fault| UpstreamError::of(Step::Discovery, fault))
    }

    /// The metadata of a provider that answers: before somebody is sent there, one that has not
    /// been heard lately is asked first.
    pub(super) async fn live_metadata(&self) -> Result<Arc<Metadata>, UpstreamError> {
        if self.breaker().open_since().is_none() && self.heard_lately() {
            return self.metadata().await;
        }
        match self
            .metadata
            .refresh(self.now(), self.fetch_metadata())
            .await
        {
            Ok(metadata) => Ok(metadata),
            Err(fault @ (CallFault::Network { .. } | CallFault::Down { .. })) => {
                Err(UpstreamError::of(Step::Discovery, fault))
            }
            // It answers, though not with metadata: what was good serves on.
            Err(_) => self.metadata().await,
        }
    }

    fn heard_lately(&self) -> bool {
        let heard_at = *self.heard_at.lock().unwrap_or_else(PoisonError::into_inner);
        heard_at.is_some_and(|at| self.now() < at.plus(HEARD_LATELY))
    }

    /// The metadata document as it came.
    pub(super) async fn fetch_document(&self) -> Result<Answer, CallFault> {
        let address = metadata::address(&self.config.issuer)
            .ok_or(CallFault::Document("the issuer has no place for metadata"))?;
        let options = Options {
            accept: Some("application/json"),
            ..Options::default()
        };
        success(self.get(&address, options).await?)
    }

    async fn fetch_metadata(&self) -> Result<Metadata, CallFault> {
        let answer = self.fetch_document().await?;
        Metadata::read(&answer.body, &self.config.issuer)
    }

    pub(super) async fn fetch_keys(&self, url: &Url) -> Result<JwkSet, CallFault> {
        let accept = Some("application/jwk-set+json, application/json");
        let options = Options {
            accept,
            ..Options::default()
        };
        let answer = success(self.get(url, options).await?)?;
        JwkSet::parse(&answer.body).map_err(|cause| {
            tracing::warn!(provider = %self.config.id, %cause, "the keys of a provider are refused");
            CallFault::Document("the key set is malformed or too large")
        })
    }

    /// Verifies a token with the keys of `judge`'s choice: the shared secret for HS256, else the
    /// provider's published keys, fetched again (rarely) when the token's key is unknown.
    pub(super) async fn verify<T: DeserializeOwned>(
        &self,
        metadata: &Metadata,
        judge: impl Fn(Keys<'_>) -> Result<Claims<T>, Error>,
    ) -> Result<Claims<T>, UpstreamError> {
        if self.config.id_token_alg == Algorithm::Hs256 {
            let secret = self
                .config
                .shared_secret()
                .ok_or(UpstreamError::Credentials("HS256 needs a client secret"))?;
            return Ok(judge(Keys::Secret(secret.expose().as_bytes()))?);
        }
        let url = &metadata.jwks_uri;
        let broken = |fault| UpstreamError::of(Step::Keys, fault);
        let keys = self
            .keys
            .get(self.now(), self.fetch_keys(url))
            .await
            .map_err(broken)?;
        match judge(Keys::Set(&keys)) {
            Err(Error::UnknownKey) if self.may_ask_for_unknown_key() => {
                let keys = self.keys.refresh(self.now(), self.fetch_keys(url)).await;
                Ok(judge(Keys::Set(&*keys.map_err(broken)?))?)
            }
            judged => Ok(judged?),
        }
    }

    fn may_ask_for_unknown_key(&self) -> bool {
        let now = self.now();
        let mut last = self
            .unknown_key_at
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let may = last.is_none_or(|at| now >= at.plus(UNKNOWN_KEY_EVERY));
        if may {
            *last = Some(now);
        }
        may
    }
}

/// A gateway's word that nobody answers behind it is no answer.
fn judged(answer: Answer) -> Result<Answer, CallFault> {
    match answer.status {
        502..=504 => Err(CallFault::Network {
            cause: format!("status {}", answer.status),
        }),
        _ => Ok(answer),
    }
}

fn fault(cause: &OutgoingError) -> CallFault {
    match cause {
        OutgoingError::TimedOut
        | OutgoingError::Unreachable { .. }
        | OutgoingError::Broken { .. } => CallFault::Network {
            cause: cause.to_string(),
        },
        OutgoingError::TooLarge { .. } => CallFault::Document("the answer is too large"),
        OutgoingError::Status(status) => CallFault::Status {
            status: *status,
            code: None,
        },
        OutgoingError::Refused { .. } | OutgoingError::Configuration(_) => CallFault::NotSent {
            cause: cause.to_string(),
        },
    }
}

/// The answer when its status is 200; else the fault, with the OAuth error it names.
pub(super) fn success(answer: Answer) -> Result<Answer, CallFault> {
    #[derive(serde::Deserialize)]
    struct Refusal {
        error: String,
    }
    if answer.status == 200 {
        return Ok(answer);
    }
    let code = serde_json::from_slice::<Refusal>(&answer.body)
        .ok()
        .and_then(|refusal| super::answer::error_code(&refusal.error));
    Err(CallFault::Status {
        status: answer.status,
        code,
    })
}
