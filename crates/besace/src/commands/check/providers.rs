//! The providers in service, of the configuration and of the pages: metadata, keys, clock.

use futures_util::future::join_all;
use identity::PluggedIn;
use kernel::Timestamp;
use kernel_db::{Db, DbError};
use kernel_http::Outgoing;
use kernel_http::outgoing::Options;
use url::Url;

use super::{Fact, clock};
use crate::compose::{database, outgoing};
use crate::config::{Config, ProviderSection};
use crate::office::{Answer, Order, ask as ask_server};

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
    let stored = plugged_in(config).await;
    let mut in_service: Vec<(&str, &Url)> = Vec::new();
    for one in &config.identity.providers {
        if one.enabled {
            in_service.push((&one.id, &one.issuer));
        }
    }
    for one in &stored {
        // Configured since: the configuration has the last word.
        if !config
            .identity
            .providers
            .iter()
            .any(|known| known.id == one.id)
        {
            in_service.push((&one.id, &one.issuer));
        }
    }
    let asked = in_service
        .into_iter()
        .map(|(id, issuer)| of(&client, id, issuer, now));
    join_all(asked).await.into_iter().flatten().collect()
}

/// Those of the pages. What keeps the database from answering is said of the database.
async fn plugged_in(config: &Config) -> Vec<PluggedIn> {
    let data = config.database.folder.join(kernel_db::backup::DATABASE);
    if config.database.url.is_none() && !data.exists() {
        return Vec::new();
    }
    match Db::open(&database(config)).await {
        Ok(db) => {
            let found = identity::plugged_in(&db).await;
            db.close().await;
            found.unwrap_or_default()
        }
        Err(DbError::Locked(_)) => {
            match ask_server(&config.database.folder, &Order::Providers, |_, _| {}).await {
                Ok(Answer::Providers { providers }) => providers,
                _ => Vec::new(),
            }
        }
        Err(_) => Vec::new(),
    }
}

async fn of(client: &Outgoing, id: &str, issuer: &Url, now: Timestamp) -> Vec<Fact> {
    let about = format!("provider {id}");
    match ask(client, id, issuer).await {
        Ok(seen) => {
            let found = format!("answers with its issuer and {} keys", seen.keys);
            let clock = seen
                .date
                .map(|theirs| clock::against(format!("clock of {id}"), now, theirs));
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
    ask(client, &provider.id, &provider.issuer)
        .await
        .map(|_| ())
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

async fn ask(client: &Outgoing, id: &str, issuer: &Url) -> Result<Seen, String> {
    let options = Options {
        via: Some(id),
        ..Options::default()
    };
    let issuer = issuer.as_str().trim_end_matches('/');
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use kernel_db::{Tx, values};

    use super::*;
    use crate::commands::check::fact::Level;
    use crate::compose::MIGRATIONS;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_600_000);
    const INSERT: &str = "INSERT INTO identity_provider (
            id, organisation, state, revision, facts, proved, sealed_secret, secret_at,
            created_by, created_at, updated_at)
        VALUES ($1, $2, $3, 1, $4, '[]', '', 0, $2, 0, 0)";

    /// A database with a provider that nobody answers for, in service, and a draft of another.
    async fn with_providers(folder: &Path) -> Config {
        let text = format!(
            "[database]\nfolder = \"{}\"\n[outgoing]\nallow = [\"127.0.0.1\"]",
            folder.display()
        );
        let config: Config = toml::from_str(&text).expect("a configuration");
        let db = Db::open(&database(&config)).await.expect("a database");
        db.migrate(MIGRATIONS, NOW).await.expect("tables");
        let written: Result<(), DbError> = db
            .write(|tx: &mut Tx| {
                Box::pin(async move {
                    for (id, state) in [("region", "enabled"), ("brouillon", "draft")] {
                        let facts = serde_json::json!({
                            "title": "Région", "preset": "generic", "issuer": "http://127.0.0.1:1/",
                            "client_id": "besace", "domains": ["region.example"],
                        });
                        let organisation = kernel::OrganisationId::from_u128(1);
                        let facts = facts.to_string();
                        tx.execute(INSERT, &values![id, organisation, state, facts])
                            .await?;
                    }
                    Ok(())
                })
            })
            .await;
        written.expect("written");
        db.close().await;
        config
    }

    #[tokio::test]
    async fn a_provider_plugged_in_on_the_pages_is_asked_and_a_draft_is_not() {
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let config = with_providers(scratch.path()).await;
        let facts = facts(&config, NOW).await;
        let [fact] = facts.as_slice() else {
            panic!("one fact: {facts:#?}");
        };
        assert_eq!(
            (fact.about.as_str(), fact.level),
            ("provider region", Level::Error)
        );
        assert!(fact.mend.is_some());
    }
}
