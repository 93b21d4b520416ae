//! The providers of the configuration: metadata, keys, clock.

use futures_util::future::join_all;
use kernel::Timestamp;
use kernel_http::Outgoing;
use kernel_http::outgoing::Options;
use url::Url;

use super::{Fact, clock};
use crate::compose::outgoing;
use crate::config::{Config, ProviderSection};

/// What a provider answered.
struct Seen {
    keys: usize,
    date: Option<Timestamp>,
}

/// What is known of each provider in service, asked all at once.
pub(super) async fn facts(config: &Config, now: Timestamp) -> Vec<Fact> {
    let client = match outgoing(config).and_then(|settings| Ok(Outgoing::new(settings)?)) {
        Ok(client) => client,
        Err(cause) => return vec![Fact::error("outgoing", cause, "mend [outgoing]")],
    };
    let in_service = config.identity.providers.iter().filter(|one| one.enabled);
    let asked = in_service.map(|provider| of(&client, provider, now));
    join_all(asked).await.into_iter().flatten().collect()
}

async fn of(client: &Outgoing, provider: &ProviderSection, now: Timestamp) -> Vec<Fact> {
    let about = format!("provider {}", provider.id);
    match ask(client, provider).await {
        Ok(seen) => {
            let found = format!("answers with its issuer and {} keys", seen.keys);
            let clock = seen
                .date
                .map(|theirs| clock::against(format!("clock of {}", provider.id), now, theirs));
            let mut facts = vec![Fact::good(about, found)];
            facts.extend(clock);
            facts
        }
        Err(cause) => vec![Fact::error(
            about,
            cause,
            "check the issuer, the network to it (outgoing.proxies), and outgoing.allow for private \
             addresses",
        )],
    }
}

/// Whether a provider's discovery answers with its issuer, and its keys can be read.
///
/// # Errors
/// What is wrong, in words.
pub(crate) async fn discovery(client: &Outgoing, provider: &ProviderSection) -> Result<(), String> {
    ask(client, provider).await.map(|_| ())
}

#[derive(serde::Deserialize)]
struct Metadata {
    issuer: String,
    jwks_uri: Url,
}

#[derive(serde::Deserialize)]
struct KeySet {
    keys: Vec<serde_json::Value>,
}

async fn ask(client: &Outgoing, provider: &ProviderSection) -> Result<Seen, String> {
    let options = Options {
        via: Some(&provider.id),
        ..Options::default()
    };
    let issuer = provider.issuer.as_str().trim_end_matches('/');
    let address = format!("{issuer}/.well-known/openid-configuration");
    let address = Url::parse(&address).map_err(|cause| cause.to_string())?;
    let get = async |url: &Url| {
        let answer = client.get(url, &options).await?;
        answer.success()
    };
    let answer = get(&address).await.map_err(|cause| cause.to_string())?;
    let metadata: Metadata = serde_json::from_slice(&answer.body).map_err(|_| {
        "its discovery is not a JSON document with an issuer and the address of its keys".to_owned()
    })?;
    if metadata.issuer.trim_end_matches('/') != issuer {
        return Err(format!(
            "its discovery names the issuer {}",
            metadata.issuer
        ));
    }
    let keys = get(&metadata.jwks_uri)
        .await
        .map_err(|cause| format!("its keys: {cause}"))?;
    let keys: KeySet = serde_json::from_slice(&keys.body)
        .map_err(|_| "its keys are not a JSON key set".to_owned())?;
    if keys.keys.is_empty() {
        return Err("it publishes no key".to_owned());
    }
    Ok(Seen {
        keys: keys.keys.len(),
        date: clock::parse_date(&answer.date),
    })
}
