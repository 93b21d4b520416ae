//! Sign-in and portal as the program composes them, with two more routes: one stands for the
//! ministry, one says a hint.

use std::path::Path;
use std::sync::Arc;

use axum::extract::{Path as UrlPath, Query, Request, State};
use axum::response::Response;
use axum::routing::{get, post};
use benches::people;
use identity::config::{IdentityConfig, SignIn};
use identity::domain::role::ConfiguredGrant;
use identity::upstream::{
    Preset, ProviderConfig, ProviderCredentials, ProviderId, ProviderKind, ProviderSupport,
};
use identity::{Identity, approve};
use kernel::{Audience, Clock, OsRng, Rng, Role, Scope, Secret, SystemClock, Text};
use kernel_db::{DatabaseConfig, Db, JournalConfig, JournalKey, MigrationSet, Workers};
use kernel_http::{
    House, Live, MasterKey, Outgoing, OutgoingConfig, Reached, Sessions, Site, Tool,
};
use portal::domain::{
    Category, CategoryId, Family, IconName, NewTile, Publication, Reach, Reaches, TileAddress,
    TileId,
};
use tokio_util::sync::CancellationToken;
use url::Url;

/// Agents written under one commit.
const BATCH: u32 = 500;
/// Tools.
const TOOLS: u32 = 500;
const MIGRATIONS: &[MigrationSet] = &[identity::MIGRATIONS, portal::MIGRATIONS];
const ZONE: &str = "Europe/Paris";

/// Serves until SIGTERM.
pub(crate) fn run(data: &Path, agents: u32) {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new("info"))
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .init();
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("threads")
        .block_on(serve(data, agents));
}

async fn serve(data: &Path, agents: u32) {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::default());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let db = Db::open(&DatabaseConfig::Sqlite {
        folder: data.to_path_buf(),
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
    let outgoing = Outgoing::new(OutgoingConfig::default()).expect("a client");
    let identity = Identity::start(house.clone(), settings(outgoing.clone()))
        .await
        .expect("the sign-in tool");
    seed(&identity, clock.as_ref(), agents).await;
    portal::publish(&db, clock.as_ref(), vec![category()], tiles())
        .await
        .expect("tools");
    let inbox = portal::Inbox::new(
        db.clone(),
        Arc::clone(&clock),
        Arc::clone(&rng),
        house.live.clone(),
        ZONE,
    );
    let portal = portal::tool(portal::Deps {
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
        mailer: kernel_mail::Mailer::none(),
        statuses: Vec::new(),
        sources: vec![Arc::new(identity.clone())],
        sealer: house.sealer(),
        site: Arc::clone(&house.site),
        zone: ZONE.to_owned(),
    });
    let more = more(&identity, &clock, &house.live);
    let tools = vec![identity::tool(&identity), portal, more];
    let jobs = tools.iter().flat_map(|tool| tool.jobs.clone()).collect();
    let consumers = tools.iter().flat_map(|tool| tool.consumers.clone());
    let consumers = consumers.collect();
    let sessions: Arc<dyn Sessions> = Arc::new(identity.clone());
    let house = house.with_sessions(sessions).with_sign_in("/connexion");
    let router = kernel_http::app(house, tools, None);
    let journal = JournalConfig {
        checkpoint_file: data.join("journal.checkpoint"),
        key: JournalKey::new(&keys.derive("journal/checkpoint/1")),
        retention: kernel_db::Retention::default(),
    };
    let workers = Workers::start(db.clone(), clock, rng, jobs, consumers, journal);
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

fn settings(outgoing: Outgoing) -> IdentityConfig {
    IdentityConfig {
        organisations: people::organisations(),
        clients: Vec::new(),
        sign_in: SignIn::Upstream {
            providers: vec![ministry()],
            outgoing: Arc::new(outgoing),
        },
        key_period: identity::domain::signing::PERIOD,
        administration_level: None,
        // The first agent runs the instance, and so may describe any audience.
        grants: vec![ConfiguredGrant {
            email: people::email(0),
            role: Role::Operator,
            scope: Scope::Everything,
        }],
    }
}

/// The agents' ministry, which holds their domain and which nobody calls.
fn ministry() -> ProviderConfig {
    let organisations = people::organisations();
    ProviderConfig {
        id: ProviderId::parse("interieur").expect("an id"),
        title: "Ministère de l’Intérieur".to_owned(),
        issuer: Url::parse("https://interieur.invalid/").expect("an address"),
        client_id: "besace".to_owned(),
        credentials: ProviderCredentials::Post(Secret::new("a secret that nobody is told")),
        preset: Preset::Standard,
        scopes: None,
        aliases: Vec::new(),
        kind: ProviderKind::Ministry {
            domains: vec!["interieur.gouv.fr".to_owned()],
        },
        organisation: organisations.first().expect("a ministry").id,
        confined: false,
        default_siret: None,
        support: ProviderSupport {
            label: "Assistance".to_owned(),
            phone: None,
            email: None,
            hours: None,
        },
        id_token_alg: jose::Algorithm::Es256,
        mfa_capable: false,
        enabled: true,
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

fn category() -> Category {
    Category {
        id: CategoryId::from_u128(1),
        title: Text::fixed("Outils", "Tools"),
        family: Family::Blue,
        position: 0,
    }
}

/// Five hundred tools over twenty audiences: those of each administration, and of all.
fn tiles() -> Vec<NewTile> {
    let organisations = people::organisations();
    (0..TOOLS)
        .map(|number| {
            let place = usize::try_from(number).unwrap_or_default() % organisations.len();
            let audience = match organisations.get(place) {
                Some(organisation) if place > 0 => Audience::Organisation {
                    id: organisation.id,
                    subtree: true,
                },
                _ => Audience::Everyone,
            };
            let address = format!("https://outil-{number}.gouv.fr/");
            NewTile {
                id: TileId::from_u128(u128::from(number) + 1),
                category: CategoryId::from_u128(1),
                name: Text::made(format!("Registre {number}"), format!("Register {number}")),
                description: Text::fixed("Suivre et instruire", "Follow and process"),
                icon: IconName::parse("file-text-line").expect("an icon"),
                address: TileAddress::parse(&address).expect("an address"),
                reaches: Reaches::one(Reach::Internet),
                badge: None,
                audience,
                guests: false,
                publication: Publication::Published,
                position: number,
            }
        })
        .collect()
}

/// The two routes that the program does not have.
fn more(identity: &Identity, clock: &Arc<dyn Clock>, live: &Live) -> Tool {
    let state = (identity.clone(), Arc::clone(clock));
    let live = live.clone();
    Tool {
        name: "bench",
        router: axum::Router::new()
            .route("/connexion/{interaction}/bench", get(answer))
            .with_state(state)
            .route(
                "/bench/say",
                post(move || {
                    live.say("home", 1, Reached::Everyone);
                    std::future::ready("said")
                }),
            ),
        openapi: utoipa::openapi::OpenApi::default(),
        migrations: MigrationSet {
            tool: "bench",
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
    UrlPath(interaction): UrlPath<String>,
    Query(who): Query<Who>,
    request: Request,
) -> Response {
    let vouched = people::vouched(who.agent, clock.now());
    let (parts, _) = request.into_parts();
    approve(&identity, parts, &interaction, vouched).await
}
