//! From a configuration to a program ready to serve: the only place that knows every tool.

mod belongings;
mod bus;
mod identity;
mod ids;
mod keys;
mod mail;
mod portal;
mod sealed;
mod site;
mod status;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ::identity::{Identity, IdentityError};
use kernel::{Clock, OsRng, Rng, Secret};
use kernel_db::{DatabaseConfig, Db, DbError, MigrationSet, Workers};
use kernel_http::metrics::PrometheusHandle;
use kernel_http::serve::{Certificates, PemPair};
use kernel_http::{
    House, Outgoing, OutgoingConfig, OutgoingError, ProviderWeb, Sessions, Tool, WebAssets,
};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::config::{Config, ConfigError};
use crate::demo::State;
use crate::demo::mails::Mails;
use crate::office::Clerk;
use crate::web::EmbeddedWeb;

pub(crate) use bus::settings as bus_settings;
pub(crate) use identity::organisation_id;
pub(crate) use ids::digest_of;
#[cfg(test)]
pub(crate) use keys::missing_keys;
#[cfg(test)]
pub(crate) use keys::open as open_keys;
pub(crate) use keys::{backup_key, journal, keep_master_keys, known_master_keys, master_key_file};
pub(crate) use mail::settings as mail_settings;
pub(crate) use sealed::columns as sealed_columns;

/// The tables of every tool.
pub(crate) const MIGRATIONS: &[MigrationSet] = &[::identity::MIGRATIONS, ::portal::MIGRATIONS];

/// The instance's zone, for dates and for who has not chosen theirs.
const ZONE: &str = "Europe/Paris";

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] DbError),
    /// The sign-in tool.
    #[error("sign-in: {0}")]
    Identity(#[from] IdentityError),
    /// The portal.
    #[error("the portal: {0}")]
    Portal(#[from] ::portal::PortalError),
    /// What may be reached.
    #[error("outgoing: {0}")]
    Outgoing(#[from] OutgoingError),
    /// The port.
    #[error("{address} cannot be listened on: {cause}. {advice}")]
    Port {
        /// Which.
        address: SocketAddr,
        /// Why.
        #[source]
        cause: std::io::Error,
        /// How to mend it.
        advice: &'static str,
    },
    /// A file.
    #[error("{path}: {cause}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// A command's own words.
    #[error("{0}")]
    Told(String),
    /// Another process has the data folder.
    #[error(
        "the data folder {0} is used by another process: stop that one, or give this one a folder \
         of its own (database.folder); several processes share one database on PostgreSQL only"
    )]
    FolderHeld(PathBuf),
    /// A master key is missing.
    #[error(
        "{found}: give that key back, by keys.accepted_files (or as the master key, if it is). A \
         key may leave once `besace admin keys list` says that nothing stands under it; one that \
         is lost for good is given up with `besace admin keys abandon`, and with it what it sealed"
    )]
    MissingKey {
        /// What was found under which key.
        found: String,
    },
    /// No account, or more than one, has this address.
    #[error("{0}: no account, or more than one, has this address")]
    NoSuchAccount(String),
    /// No administration has this SIRET.
    #[error("{0}: no administration has this SIRET")]
    NoSuchAdministration(String),
    /// The listener.
    #[error("the listener stopped: {0}")]
    Serve(#[from] std::io::Error),
}

/// A composed instance, listening.
pub(crate) struct Instance {
    listener: TcpListener,
    metrics: Option<(TcpListener, PrometheusHandle)>,
    certificates: Option<Arc<Certificates>>,
    router: axum::Router,
    workers: Workers,
    draining: CancellationToken,
    db: Db,
    identity: Identity,
    clerk: Option<Clerk>,
}

/// Where the database of a configuration is.
pub(crate) fn database(config: &Config) -> DatabaseConfig {
    match &config.database.url {
        Some(url) => DatabaseConfig::Postgres {
            url: url.expose().to_owned(),
            max_connections: config.database.max_connections,
        },
        None => DatabaseConfig::Sqlite {
            folder: config.database.folder.clone(),
        },
    }
}

/// The password accounts of a configuration, for a command; none: nobody signs in there.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(crate) fn desk(
    config: &Config,
    db: &Db,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
) -> Result<Option<::identity::Desk>, StartError> {
    let mailer = if config.mail.is_some() {
        let keys = known_master_keys(config)?;
        mail::mailer(config, &keys, Arc::clone(&clock), Arc::clone(&rng))?
    } else {
        kernel_mail::Mailer::none()
    };
    identity::desk(config, (db, &mailer), (clock, rng))
}

/// The text of a file that holds a secret.
///
/// # Errors
/// When it cannot be read.
pub(crate) fn read(path: &Path) -> Result<Secret, StartError> {
    use std::os::unix::fs::PermissionsExt as _;
    let failed = |cause: std::io::Error| StartError::File {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    let mode = std::fs::metadata(path)
        .map_err(failed)?
        .permissions()
        .mode();
    if mode & 0o007 != 0 {
        return Err(StartError::File {
            path: path.to_owned(),
            cause: "holds a secret and may be read by everybody: chmod o-rwx it".to_owned(),
        });
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    Ok(Secret::new(text.trim()))
}

/// The text of a file that everybody may read.
fn read_public(path: &Path) -> Result<String, StartError> {
    std::fs::read_to_string(path).map_err(|cause| StartError::File {
        path: path.to_owned(),
        cause: cause.to_string(),
    })
}

/// Writes a secret to a file that does not exist yet: whole, or not at all.
///
/// # Errors
/// When the file exists, or cannot be written.
pub(crate) fn write_secret(path: &Path, text: &str) -> Result<(), StartError> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let failed = |cause: std::io::Error| StartError::File {
        path: path.to_owned(),
        cause: cause.to_string(),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let beside = path.with_extension("part");
    drop(std::fs::remove_file(&beside));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&beside)
        .map_err(failed)?;
    writeln!(file, "{text}")
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    // A link, since a renaming would replace what somebody else has put there meanwhile.
    let kept = std::fs::hard_link(&beside, path);
    let removed = std::fs::remove_file(&beside);
    kept.and(removed).map_err(failed)?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(failed)
}

impl Instance {
    /// Opens the database, migrates it, starts the tools and listens.
    ///
    /// # Errors
    /// The first thing that does not stand, with how to mend it.
    pub(crate) async fn start(
        config: Config,
        clock: Arc<dyn Clock>,
        demo: bool,
        inherited: Option<TcpListener>,
    ) -> Result<Self, StartError> {
        let rng: Arc<dyn Rng> = Arc::new(OsRng);
        // The port first: a second start must not touch the data of the first.
        let listener = match inherited {
            Some(listener) => listener,
            None => listen(config.http.listen).await?,
        };
        let metrics = match config.http.metrics {
            Some(address) => Some(listen(address).await?),
            None => None,
        };
        // Before anything is counted.
        let figures = metrics.is_some().then(recorder).flatten();
        let certificates = certificates(&config)?;
        let db = open(&config).await?;
        db.migrate(MIGRATIONS, clock.now()).await?;
        let keys = Arc::new(keys::open(&config, &db, clock.as_ref(), rng.as_ref()).await?);
        let journal = journal(&config, &keys)?;
        let mut site = site::site(&config, listener.local_addr()?, demo)?;
        site.journal_retention = journal.retention;
        let site = Arc::new(site);
        let draining = CancellationToken::new();
        let house = House::new(
            site,
            Arc::clone(&clock),
            Arc::clone(&rng),
            db.clone(),
            Arc::new(keys.current().clone()),
        )
        .with_master_keys(Arc::clone(&keys))
        .with_trusted_proxies(config.http.trusted_proxies.clone())
        .with_rate_exceptions(config.http.rate_exceptions.clone())
        .with_journal(journal.clone())
        .with_draining(draining.clone())
        .with_bus(bus::bus(&config, rng.as_ref()).await?);
        let outgoing = Outgoing::new(outgoing(&config)?)?;
        let mailer = mail::mailer(&config, &keys, Arc::clone(&clock), Arc::clone(&rng))?;
        let settings = identity::settings(&config, outgoing.clone())?;
        let is_portal = config.identity.local.is_none();
        let identity = Identity::start(house.clone(), settings).await?;
        identity.mail_by(mailer.clone());
        identity::write_accounts(&identity, &config).await?;
        let mut tools: Vec<Tool> = vec![::identity::tool(&identity)];
        if is_portal {
            let (categories, tiles) = portal::catalogue(&config)?;
            ::portal::publish(&db, clock.as_ref(), categories, tiles).await?;
            let inbox = ::portal::Inbox::new(
                db.clone(),
                Arc::clone(&clock),
                Arc::clone(&rng),
                house.live.clone(),
                ZONE,
            );
            identity.name_by(Arc::new(::portal::PortalNames::new(db.clone())));
            identity.tell_by(Arc::new(inbox.clone()));
            identity.invite_with(::identity::Guests {
                sharing: Arc::new(::portal::ToolSharing::new(db.clone(), Arc::clone(&clock))),
                notify: Arc::new(inbox.clone()),
                mailer: mailer.clone(),
                longest_days: identity::guest_days(&config)?,
            });
            tools.push(::portal::tool(::portal::Deps {
                db: db.clone(),
                clock: Arc::clone(&clock),
                rng: Arc::clone(&rng),
                live: house.live.clone(),
                outgoing,
                directory: Arc::new(identity.clone()),
                applications: Arc::new(identity.clone()),
                notify: Arc::new(inbox.clone()),
                nows: vec![Arc::new(inbox.clone())],
                inbox,
                mailer: mailer.clone(),
                statuses: vec![Arc::new(status::Providers(identity.clone()))],
                sources: vec![Arc::new(identity.clone())],
                sealer: house.sealer(),
                site: Arc::clone(&house.site),
                zone: ZONE.to_owned(),
            }));
            if demo {
                tools.push(crate::demo::tools::tool(&config));
                if let Some(port) = config.mail.as_ref().and_then(|mail| mail.port) {
                    let mails = Mails::start(port, Arc::clone(&clock), draining.clone()).await;
                    let mails = mails.map_err(|cause| port_held(port, cause))?;
                    tools.push(mails.tool());
                }
            }
        }
        let jobs = tools
            .iter()
            .flat_map(|tool| tool.jobs.clone())
            .chain(mailer.jobs())
            .collect();
        let consumers = tools
            .iter()
            .flat_map(|tool| tool.consumers.clone())
            .collect();
        let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
        let web: Arc<dyn WebAssets> = Arc::new(EmbeddedWeb);
        let web = if is_portal {
            web
        } else {
            Arc::new(ProviderWeb(web))
        };
        let house = house
            .with_sessions(sessions)
            .with_bearers(Arc::new(identity.clone()))
            .with_tokens(Arc::new(identity.clone()))
            .with_sign_in("/connexion");
        let following = kernel_http::nodes::follow(house.clone(), draining.clone());
        drop(Box::pin(following).await);
        let sealing = keys.current().mark();
        tokio::spawn(keys::watch(house.clone(), sealing, draining.clone()));
        let router = kernel_http::app(house, tools, Some(web));
        let desk = identity::desk(&config, (&db, &mailer), (clock.clone(), rng.clone()))?;
        // PostgreSQL needs no door beside the server: commands reach it themselves.
        let clerk = config.database.url.is_none().then(|| Clerk {
            db: db.clone(),
            clock: Arc::clone(&clock),
            journal: journal.clone(),
            key: backup_key(&keys),
            keys: Arc::clone(&keys),
            rng: Arc::clone(&rng),
            folder: config.database.folder.clone(),
            desk: desk.clone(),
            turn: Arc::default(),
        });
        if is_portal {
            identity.keep_with(belongings::keepers(&db, &clock));
        }
        tokio::spawn(identity.clone().watch_sessions(draining.clone()));
        let workers = Workers::start(db.clone(), clock, rng, jobs, consumers, journal);
        Ok(Self {
            listener,
            metrics: metrics.zip(figures),
            certificates,
            router,
            workers,
            draining,
            db,
            identity,
            clerk,
        })
    }

    /// Where it listens.
    ///
    /// # Errors
    /// When the socket is gone.
    pub(crate) fn address(&self) -> Result<SocketAddr, StartError> {
        Ok(self.listener.local_addr()?)
    }

    /// The database, for the watchdog.
    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Writes the demonstration's agents, so that their ids are the same at each start.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn know_agents(&self, state: &State) -> Result<(), StartError> {
        self.identity.know(identity::known_agents(state)).await?;
        Ok(())
    }

    /// Serves until `shutdown`; what is under way ends first.
    ///
    /// # Errors
    /// When the listener fails.
    pub(crate) async fn run(self, shutdown: CancellationToken) -> Result<(), StartError> {
        let Self {
            listener,
            metrics,
            certificates,
            router,
            workers,
            draining,
            db,
            identity: _,
            clerk,
        } = self;
        let limits = kernel_http::Limits::default();
        if let Some((listener, handle)) = metrics {
            let router = kernel_http::metrics::metrics_router(handle);
            let (limits, shutdown) = (kernel_http::Limits::default(), shutdown.clone());
            tokio::spawn(kernel_http::serve(listener, None, router, shutdown, limits));
        }
        let announced = shutdown.clone();
        tokio::spawn(async move {
            announced.cancelled().await;
            draining.cancel();
        });
        let tls = match &certificates {
            Some(certificates) => Some(tls_config(certificates)?),
            None => None,
        };
        crate::supervisor::reload_on_hangup(certificates, shutdown.clone());
        let office = clerk.and_then(|clerk| open_office(clerk, shutdown.clone()));
        kernel_http::serve(listener, tls, router, shutdown, limits).await?;
        if let Some(office) = office
            && office.await.is_err()
        {
            tracing::error!("the commands' socket fell");
        }
        workers.stop().await;
        db.close().await;
        Ok(())
    }
}

/// The recorder of the process's figures; none when it has one already.
fn recorder() -> Option<PrometheusHandle> {
    match kernel_http::metrics::install_recorder() {
        Ok(handle) => {
            kernel_bus::describe();
            Some(handle)
        }
        Err(cause) => {
            tracing::error!(%cause, "no metrics");
            None
        }
    }
}

/// The demonstration's mail server cannot listen.
fn port_held(port: u16, cause: std::io::Error) -> StartError {
    StartError::Port {
        address: SocketAddr::from(([127, 0, 0, 1], port)),
        cause,
        advice: "The demonstration takes eight ports in a row: choose another first one (--port).",
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|cause| {
        let advice = match cause.kind() {
            std::io::ErrorKind::AddrInUse => {
                "Another program holds this port: stop it, or choose another port (http.listen, \
                 or --port for the demonstration)."
            }
            std::io::ErrorKind::PermissionDenied => {
                "Ports below 1024 need the right to bind them: choose another port, or give the \
                 capability CAP_NET_BIND_SERVICE."
            }
            _ => "Check the address (http.listen).",
        };
        StartError::Port {
            address,
            cause,
            advice,
        }
    })
}

/// Reads everything that a start reads of the configuration, and touches nothing.
///
/// # Errors
/// The first value that a start would refuse.
pub(crate) fn rehearse(config: &Config) -> Result<(), StartError> {
    certificates(config)?;
    site::site(config, config.http.listen, false)?;
    let outgoing = Outgoing::new(outgoing(config)?)?;
    identity::settings(config, outgoing)?;
    portal::catalogue(config)?;
    if let Some(section) = &config.mail {
        mail::settings(config, section)?;
    }
    if let Some(section) = &config.bus {
        bus::settings(section)?;
    }
    keys::rehearse(config)?;
    Ok(())
}

/// The database, or in clear words who has it.
async fn open(config: &Config) -> Result<Db, StartError> {
    match Db::open(&database(config)).await {
        Err(DbError::Locked(_)) => Err(StartError::FolderHeld(config.database.folder.clone())),
        other => Ok(other?),
    }
}

/// Opens the socket of commands; without it the program serves all the same.
fn open_office(clerk: Clerk, stop: CancellationToken) -> Option<tokio::task::JoinHandle<()>> {
    match crate::office::open(clerk, stop) {
        Ok(office) => Some(office),
        Err(cause) => {
            tracing::warn!(%cause, "commands beside this server are not available");
            None
        }
    }
}

/// The certificate of `[http.tls]`, which is read anew when it is renewed.
fn certificates(config: &Config) -> Result<Option<Arc<Certificates>>, StartError> {
    let Some(section) = config.http.tls.clone() else {
        return Ok(None);
    };
    let source = move || {
        let read_pair = || {
            let certificates = read_public(&section.certificate)?.into_bytes();
            let key = read(&section.key)?.expose().as_bytes().to_vec();
            Ok(PemPair { certificates, key })
        };
        read_pair().map_err(|cause: StartError| cause.to_string())
    };
    Certificates::open(Box::new(source))
        .map(Some)
        .map_err(|cause| ConfigError::value("http.tls", cause).into())
}

fn tls_config(certificates: &Arc<Certificates>) -> Result<Arc<rustls::ServerConfig>, StartError> {
    certificates
        .config()
        .map_err(|cause| ConfigError::value("http.tls", cause).into())
}

pub(crate) fn outgoing(config: &Config) -> Result<OutgoingConfig, StartError> {
    let mut extra_roots_pem = Vec::new();
    for path in &config.outgoing.extra_roots {
        extra_roots_pem.push(read_public(path)?);
    }
    Ok(OutgoingConfig {
        allow: config.outgoing.allow.clone(),
        proxies: config.outgoing.proxies.clone(),
        extra_roots_pem,
        ..OutgoingConfig::default()
    })
}
