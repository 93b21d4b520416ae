//! A network for tests, that can be cut: in process always, over NATS when there is a server.
//!
//! `BESACE_TEST_NATS` is a `nats://` URL; each network has a prefix of its own there, and reaches
//! the server through a small proxy that can be cut. Without it the tests on NATS say that they
//! are skipped, and fail when `BESACE_REQUIRE_NATS=1`.
#![expect(
    clippy::expect_used,
    reason = "this module is for tests only and stops them when the network cannot be made"
)]

use kernel::{OsRng, RngExt as _};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use url::Url;

use crate::{Bus, Exchange, NatsConfig, NodeId};

/// Which kind of bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Within this process.
    InProcess,
    /// Over NATS.
    Nats,
}

/// A network of nodes that belongs to one test.
pub struct Network(Line);

enum Line {
    InProcess(Exchange),
    Nats {
        config: NatsConfig,
        cut: watch::Sender<bool>,
    },
}

impl Network {
    /// A network of this kind; none when there is no server, which is said aloud.
    pub async fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::InProcess => Some(Self(Line::InProcess(Exchange::new()))),
            Kind::Nats => {
                let server = server_url()?;
                let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
                let address = listener.local_addr().expect("an address");
                let cut = watch::Sender::new(false);
                tokio::spawn(proxy(listener, server, cut.clone()));
                let config = NatsConfig {
                    servers: vec![Url::parse(&format!("nats://{address}")).expect("an address")],
                    credentials: None,
                    tls: None,
                    prefix: format!("test-{}", hex::encode(OsRng.bytes::<8>())),
                };
                Some(Self(Line::Nats { config, cut }))
            }
        }
    }

    /// A node more, connected (unless the line is cut).
    pub async fn join(&self) -> Bus {
        let node = NodeId::new(&OsRng);
        match &self.0 {
            Line::InProcess(exchange) => exchange.join(node),
            Line::Nats { config, cut } => {
                let bus = Bus::nats(config, node).await.expect("a configuration");
                if !*cut.borrow() {
                    bus.until_connected(true).await;
                }
                bus
            }
        }
    }

    /// How nodes reach the server, when there is one.
    pub fn config(&self) -> Option<&NatsConfig> {
        match &self.0 {
            Line::InProcess(_) => None,
            Line::Nats { config, .. } => Some(config),
        }
    }

    /// Cuts the line of every node.
    pub fn cut(&self) {
        match &self.0 {
            Line::InProcess(exchange) => exchange.cut(),
            Line::Nats { cut, .. } => drop(cut.send_replace(true)),
        }
    }

    /// Mends it.
    pub fn mend(&self) {
        match &self.0 {
            Line::InProcess(exchange) => exchange.mend(),
            Line::Nats { cut, .. } => drop(cut.send_replace(false)),
        }
    }
}

/// Passes connections on to the server, unless the line is cut.
async fn proxy(listener: TcpListener, server: Url, cut: watch::Sender<bool>) {
    let host = server.host_str().expect("a host").to_owned();
    let port = server.port().unwrap_or(4222);
    while let Ok((mut near, _)) = listener.accept().await {
        let (host, mut is_cut) = (host.clone(), cut.subscribe());
        tokio::spawn(async move {
            let Ok(mut far) = TcpStream::connect((host, port)).await else {
                return;
            };
            tokio::select! {
                // Either end has gone.
                _ = copy_bidirectional(&mut near, &mut far) => {}
                // The proxy is gone or the line is cut: both connections are dropped.
                _ = is_cut.wait_for(|is| *is) => {}
            }
        });
    }
}

/// The server that tests may use; none when they are to be skipped, which is said aloud.
fn server_url() -> Option<Url> {
    let url = std::env::var("BESACE_TEST_NATS")
        .ok()
        .filter(|url| !url.is_empty());
    if url.is_none() {
        let required = std::env::var("BESACE_REQUIRE_NATS").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "BESACE_REQUIRE_NATS=1 and no server in BESACE_TEST_NATS"
        );
        eprintln!("skipped: no NATS server in BESACE_TEST_NATS");
    }
    url.map(|url| Url::parse(&url).expect("a URL in BESACE_TEST_NATS"))
}

/// Runs one test on one kind of network. [`bus_suite!`](crate::bus_suite) calls it.
pub fn run<F>(kind: Kind, test: impl FnOnce(Network) -> F)
where
    F: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        if let Some(network) = Network::of(kind).await {
            test(network).await;
        }
    });
}

/// Makes each named `async fn(Network)` a test in process and a test on NATS.
#[macro_export]
macro_rules! bus_suite {
    ($($name:ident),+ $(,)?) => {
        mod in_process {
            $(#[test]
            fn $name() {
                $crate::testing::run($crate::testing::Kind::InProcess, super::$name);
            })+
        }
        mod on_nats {
            $(#[test]
            fn $name() {
                $crate::testing::run($crate::testing::Kind::Nats, super::$name);
            })+
        }
    };
}
