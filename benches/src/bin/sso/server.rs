//! Besace's side: the sign-in tool composed as in the program, with one more route, which
//! approves an interaction.

use std::path::PathBuf;
use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::response::Response;
use axum::routing::get;
use identity::config::{IdentityConfig, SignIn};
use identity::domain::client::{AuthMethod, Client, ClientAudience, ClientId, ClientSecret};
use identity::domain::scope::ScopeSet;
use identity::{Identity, approve};
use jose::Algorithm;
use kernel::{Clock, OsRng, Rng, Secret, SystemClock, Timestamp};
use kernel_db::{DatabaseConfig, Db, JournalConfig, JournalKey, MigrationSet, Workers};
use kernel_http::{House, MasterKey, Outgoing, OutgoingConfig, Sessions, Site, Tool};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::flow::{CLIENT, REDIRECT, SECRET, SIGNED_CLIENT};
use benches::people;

/// What to serve.
#[derive(clap::Args)]
pub(crate) struct Plan {
    /// Where the data goes.
    #[arg(long)]
    data: PathBuf,
    /// Agents to know before serving.
    #[arg(long)]
    agents: u32,
}

/// Agents written under one commit.
const BATCH: u32 = 500;
const MIGRATIONS: &[MigrationSet] = &[identity::MIGRATIONS];

/// Serves until SIGTERM.
pub(crate) fn run(plan: &Plan) {
    // As the program's own log: the access lines and the journal's are part of the cost.
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env()
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads")
        .block_on(serve(plan));
}

async fn serve(plan: &Plan) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let db = Db::open(&DatabaseConfig::Sqlite {
        folder: plan.data.clone(),
    })
    .await
    .expect("a database");
    db.migrate(MIGRATIONS, clock.now()).await.expect("tables");
    let keys = Arc::new(MasterKey::generate(rng.as_ref()));
    let base = Url::parse(&format!("http://localhost:{port}/")).expect("an address");
    let house = House::new(
        Arc::new(Site::new(base)),
        Arc::clone(&clock),
        Arc::clone(&rng),
        db.clone(),
        Arc::clone(&keys),
    )
    .with_rate_exceptions(vec!["127.0.0.0/8".parse().expect("a network")]);
    let identity = Identity::start(house.clone(), settings())
        .await
        .expect("the sign-in tool");
    seed(&identity, clock.as_ref(), plan.agents).await;
    let tools = vec![identity::tool(&identity), approving(&identity, &clock)];
    let jobs = tools.iter().flat_map(|tool| tool.jobs.clone()).collect();
    let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
    let house = house.with_sessions(sessions).with_sign_in("/connexion");
    let router = kernel_http::app(house, tools, None);
    let journal = JournalConfig {
        checkpoint_file: plan.data.join("journal.checkpoint"),
        key: JournalKey::new(&keys.derive("journal/checkpoint/1")),
        retention: kernel_db::Retention::default(),
    };
    let workers = Workers::start(db.clone(), clock, rng, jobs, Vec::new(), journal);
    let stop = CancellationToken::new();
    let told = stop.clone();
    tokio::spawn(async move {
        let kind = tokio::signal::unix::SignalKind::terminate();
        let mut term = tokio::signal::unix::signal(kind).expect("a signal");
        term.recv().await;
        told.cancel();
    });
    println!("{port}");
    kernel_http::serve(listener, None, router, stop, kernel_http::Limits::default())
        .await
        .expect("served");
    workers.stop().await;
    db.close().await;
}

fn settings() -> IdentityConfig {
    IdentityConfig {
        organisations: people::organisations(),
        clients: vec![
            client(CLIENT, None),
            client(SIGNED_CLIENT, Some(Algorithm::Es256)),
        ],
        sign_in: SignIn::Upstream {
            providers: Vec::new(),
            outgoing: Arc::new(Outgoing::new(OutgoingConfig::default()).expect("a client")),
        },
        key_period: identity::domain::signing::PERIOD,
        administration_level: None,
        grants: Vec::new(),
    }
}

fn client(id: &str, userinfo_alg: Option<Algorithm>) -> Client {
    Client {
        id: ClientId::parse(id).expect("an id"),
        name: "Frais de mission".to_owned(),
        organisation: None,
        secret: ClientSecret::Clear(Secret::new(SECRET)),
        redirect_uris: vec![Url::parse(REDIRECT).expect("an address")],
        post_logout_redirect_uris: Vec::new(),
        auth_method: AuthMethod::ClientSecretBasic,
        id_token_alg: Algorithm::Es256,
        userinfo_alg,
        introspection_alg: None,
        refresh_tokens: true,
        scopes: ScopeSet::all(),
        audience: ClientAudience::Everyone,
        require_pkce: true,
        enabled: true,
        valid_from: Timestamp::from_millis(0),
    }
}

async fn seed(identity: &Identity, clock: &dyn Clock, agents: u32) {
    let now = clock.now();
    let mut first = 0;
    while first < agents {
        let end = agents.min(first + BATCH);
        let batch = (first..end).map(|agent| people::known(agent, now));
        identity.know(batch.collect()).await.expect("agents");
        first = end;
    }
}

/// The route that stands for the ministry: whoever asks is proved.
fn approving(identity: &Identity, clock: &Arc<dyn Clock>) -> Tool {
    let state = (identity.clone(), Arc::clone(clock));
    Tool {
        name: "approving",
        router: axum::Router::new()
            .route("/connexion/{interaction}/bench", get(answer))
            .with_state(state),
        openapi: utoipa::openapi::OpenApi::default(),
        migrations: MigrationSet {
            tool: "approving",
            migrations: &[],
        },
        jobs: Vec::new(),
        consumers: Vec::new(),
    }
}

#[derive(serde::Deserialize)]
struct Who {
    agent: u32,
}

async fn answer(
    State((identity, clock)): State<(Identity, Arc<dyn Clock>)>,
    Path(interaction): Path<String>,
    Query(who): Query<Who>,
    request: Request,
) -> Response {
    let vouched = people::vouched(who.agent, clock.now());
    let (parts, _) = request.into_parts();
    approve(&identity, parts, &interaction, vouched).await
}
