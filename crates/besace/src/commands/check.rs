//! `besace check`: each fact with why it matters and how to mend it.

use std::path::Path;
use std::process::ExitCode;

use kernel::{Clock as _, SystemClock};
use kernel_db::{Db, DbError};
use kernel_http::Outgoing;
use kernel_http::outgoing::Options;
use serde::Serialize;

use super::mail_test::{mend, word};
use super::{configuration, say};
use crate::compose::{database, mail_settings, outgoing};
use crate::config::{Config, ProviderSection};

/// One fact.
#[derive(Debug, Serialize)]
struct Fact {
    /// What was looked at.
    about: String,
    /// Whether it is as it should be.
    good: bool,
    /// What was found.
    found: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    mend: Option<&'static str>,
}

impl Fact {
    fn good(about: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            about: about.into(),
            good: true,
            found: found.into(),
            mend: None,
        }
    }

    fn bad(about: impl Into<String>, found: impl std::fmt::Display, mend: &'static str) -> Self {
        Self {
            about: about.into(),
            good: false,
            found: found.to_string(),
            mend: Some(mend),
        }
    }
}

/// Looks at everything that can be looked at without changing anything.
pub(crate) async fn run(path: &Path, json: bool) -> ExitCode {
    let facts = match configuration(path) {
        Ok(config) => {
            let mut facts = vec![Fact::good("configuration", path.display().to_string())];
            facts.push(clock());
            facts.push(transport(&config));
            facts.push(store(&config).await);
            facts.extend(providers(&config).await);
            facts.push(mail(&config).await);
            facts.push(web());
            facts
        }
        Err(cause) => {
            vec![Fact::bad(
                "configuration",
                cause,
                "mend the key named above, then check again",
            )]
        }
    };
    let good = facts.iter().all(|fact| fact.good);
    if json {
        say(serde_json::to_string_pretty(&facts).unwrap_or_default());
    } else {
        for fact in &facts {
            let mark = if fact.good { "ok  " } else { "BAD " };
            say(format!("{mark} {}: {}", fact.about, fact.found));
            if let Some(mend) = fact.mend {
                say(format!("     to mend: {mend}"));
            }
        }
    }
    if good {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn clock() -> Fact {
    /// 24 November 2026: no installation of this version can be older.
    const RELEASE: i64 = 1_795_500_000;
    let now = SystemClock::default().now().seconds();
    if now >= RELEASE {
        Fact::good("clock", "after this version's release")
    } else {
        Fact::bad(
            "clock",
            "before this version's release",
            "set the machine's clock (NTP)",
        )
    }
}

fn transport(config: &Config) -> Fact {
    let https = config
        .http
        .base_url
        .as_ref()
        .is_some_and(|url| url.scheme() == "https");
    let loopback = config.http.listen.ip().is_loopback();
    if https || (loopback && config.http.base_url.is_none()) {
        Fact::good("http.base_url", "https, or this machine only")
    } else {
        Fact::bad(
            "http.base_url",
            "plain http",
            "give an https address: passwords and sessions travel over it",
        )
    }
}

async fn store(config: &Config) -> Fact {
    if config.database.url.is_none() && !config.database.folder.exists() {
        let found = format!(
            "{} will be made at the first start",
            config.database.folder.display()
        );
        return Fact::good("SQLite", found);
    }
    let about = if config.database.url.is_some() {
        "PostgreSQL"
    } else {
        "SQLite"
    };
    match Db::open(&database(config)).await {
        Ok(db) => {
            let answer = db.ping().await;
            db.close().await;
            match answer {
                Ok(()) => Fact::good(about, "opens and answers"),
                Err(cause) => Fact::bad(about, cause, "look at the database's own log"),
            }
        }
        Err(DbError::Locked(_)) => Fact::good(about, "held by a running server"),
        Err(cause) => Fact::bad(
            about,
            cause,
            "check database.url or database.folder, and that the database is started",
        ),
    }
}

async fn providers(config: &Config) -> Vec<Fact> {
    let client = match outgoing(config).and_then(|settings| Ok(Outgoing::new(settings)?)) {
        Ok(client) => client,
        Err(cause) => return vec![Fact::bad("outgoing", cause, "mend [outgoing]")],
    };
    let mut facts = Vec::new();
    for provider in config
        .identity
        .providers
        .iter()
        .filter(|provider| provider.enabled)
    {
        let about = format!("provider {}", provider.id);
        facts.push(match discovery(&client, provider).await {
            Ok(()) => Fact::good(about, "its discovery answers with its issuer"),
            Err(cause) => Fact::bad(
                about,
                cause,
                "check the issuer, the network to it, and outgoing.allow for private addresses",
            ),
        });
    }
    facts
}

/// Whether a provider's discovery answers with its issuer.
pub(crate) async fn discovery(client: &Outgoing, provider: &ProviderSection) -> Result<(), String> {
    #[derive(serde::Deserialize)]
    struct Metadata {
        issuer: String,
    }
    let issuer = provider.issuer.as_str().trim_end_matches('/');
    let address = format!("{issuer}/.well-known/openid-configuration");
    let address = url::Url::parse(&address).map_err(|cause| cause.to_string())?;
    let answer = client
        .get(&address, &Options::default())
        .await
        .map_err(|cause| cause.to_string())?
        .success()
        .map_err(|cause| cause.to_string())?;
    let metadata: Metadata = serde_json::from_slice(&answer.body)
        .map_err(|_| "its discovery is not a JSON document with an issuer".to_owned())?;
    if metadata.issuer.trim_end_matches('/') == issuer {
        Ok(())
    } else {
        Err(format!(
            "its discovery names the issuer {}",
            metadata.issuer
        ))
    }
}

/// Whether the mail server answers as the configuration says; no mail is sent.
async fn mail(config: &Config) -> Fact {
    let Some(section) = &config.mail else {
        return Fact::good("mail", "no server is configured: no mail is sent");
    };
    let settings = match mail_settings(config, section) {
        Ok(settings) => settings,
        Err(cause) => return Fact::bad("mail", cause, "mend [mail]"),
    };
    let told = match kernel_mail::trial(&settings, None).await {
        Ok(told) => told,
        Err(cause) => return Fact::bad("mail", cause, "mend [mail]"),
    };
    for outcome in told {
        if let Err(cause) = outcome.said {
            let found = format!("{}: {}: {cause}", settings.host, word(outcome.step));
            return Fact::bad("mail", found, mend(outcome.step));
        }
    }
    Fact::good(
        "mail",
        format!("leaves through {}, which answers", settings.host),
    )
}

fn web() -> Fact {
    if crate::web::EmbeddedWeb::is_built() {
        Fact::good("web app", "carried in the binary")
    } else {
        Fact::bad("web app", "absent", "build with `cargo xtask dist`")
    }
}
