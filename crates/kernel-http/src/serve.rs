//! Carrying a router on a listener: HTTP/1.1 and HTTP/2, with or without TLS, until told to stop.

mod tls;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

pub use tls::{Certificates, Look, PemPair, PemSource, TlsError, expiry};

/// What a listener allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; further ones wait in the kernel's queue.
    pub connections: usize,
    /// Until the headers are in (slow-header attacks).
    pub header_time: Duration,
    /// Until the TLS handshake is done.
    pub handshake_time: Duration,
    /// Bytes of all headers.
    pub header_bytes: usize,
    /// Streams at once on one HTTP/2 connection.
    pub streams: u32,
    /// How long connections are taken still once the server was told to stop.
    pub last_call: Duration,
    /// What is under way may end within this time once the listener is told to stop.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 20_000,
            header_time: Duration::from_secs(10),
            handshake_time: Duration::from_secs(10),
            header_bytes: crate::middleware::size::HEADERS,
            streams: 128,
            last_call: Duration::from_millis(500),
            drain: Duration::from_secs(10),
        }
    }
}

/// Serves until `shutdown` and for `limits.last_call` more, then lets what is under way end within
/// `limits.drain`.
///
/// # Errors
/// Never after the start today: an accept that fails is logged and tried again.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Arc<rustls::ServerConfig>>,
    router: Router,
    shutdown: CancellationToken,
    limits: Limits,
) -> io::Result<()> {
    let acceptor = tls.map(TlsAcceptor::from);
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let tracker = TaskTracker::new();
    let server = server(&limits);
    // Whoever stands in front has not yet seen that this server is not ready any more; and what the
    // kernel has taken and nobody here would be cut off by the closing.
    let closing = CancellationToken::new();
    let mut last_call = Box::pin(after(&shutdown, limits.last_call));
    let mut over = Box::pin(after(&shutdown, limits.last_call * 2));
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut over => break,
            accepted = accept(&listener, &places) => accepted,
            () = &mut last_call => break,
        };
        let (stream, peer, place) = match accepted {
            Ok(accepted) => accepted,
            Err(cause) if is_about_one_connection(&cause) => continue,
            Err(cause) => {
                // Out of descriptors, most often: give the open connections time to end.
                tracing::warn!(%cause, "a connection cannot be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        if let Err(cause) = stream.set_nodelay(true) {
            tracing::debug!(%cause, "a connection keeps its delay");
        }
        let server = server.clone();
        let router = router.clone();
        let acceptor = acceptor.clone();
        let watcher = graceful.watcher();
        let stopping = closing.clone();
        tracker.spawn(async move {
            match acceptor {
                None => run(server, stream, peer, router, watcher).await,
                Some(acceptor) => {
                    let handshake =
                        tokio::time::timeout(limits.handshake_time, acceptor.accept(stream));
                    let done = tokio::select! {
                        done = handshake => done,
                        () = stopping.cancelled() => return,
                    };
                    match done {
                        Ok(Ok(stream)) => run(server, stream, peer, router, watcher).await,
                        Ok(Err(cause)) => tracing::debug!(%cause, "a handshake failed"),
                        Err(_) => tracing::debug!("a handshake took too long"),
                    }
                }
            }
            drop(place);
        });
    }
    drop(listener);
    closing.cancel();
    tracker.close();
    let ended = async {
        graceful.shutdown().await;
        tracker.wait().await;
    };
    if tokio::time::timeout(limits.drain, ended).await.is_err() {
        tracing::warn!(
            open = tracker.len(),
            "connections were cut at the end of the drain"
        );
    }
    Ok(())
}

/// Ends so long after the server was told to stop.
async fn after(shutdown: &CancellationToken, pause: Duration) {
    shutdown.cancelled().await;
    tokio::time::sleep(pause).await;
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

fn is_about_one_connection(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

fn server(limits: &Limits) -> Builder<TokioExecutor> {
    let mut server = Builder::new(TokioExecutor::new());
    server
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header_time)
        .max_buf_size(limits.header_bytes);
    server
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(limits.streams)
        .keep_alive_interval(Duration::from_secs(30))
        .keep_alive_timeout(Duration::from_secs(20));
    server
}

async fn run<S>(
    server: Builder<TokioExecutor>,
    stream: S,
    peer: SocketAddr,
    router: Router,
    watcher: hyper_util::server::graceful::Watcher,
) where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |request: http::Request<hyper::body::Incoming>| {
        let mut request = request.map(axum::body::Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        request
    });
    let connection = server
        .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned();
    if let Err(cause) = watcher.watch(connection).await {
        tracing::debug!(%cause, "a connection ended badly");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    async fn started(
        router: Router,
        limits: Limits,
    ) -> (
        SocketAddr,
        CancellationToken,
        tokio::task::JoinHandle<io::Result<()>>,
    ) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = listener.local_addr().expect("address");
        let stop = CancellationToken::new();
        let task = tokio::spawn(serve(listener, None, router, stop.clone(), limits));
        (address, stop, task)
    }

    async fn exchange(address: SocketAddr, request: &str) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connection");
        stream.write_all(request.as_bytes()).await.expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[tokio::test]
    async fn a_request_is_answered_and_knows_its_peer() {
        let router = Router::new().route(
            "/",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        );
        let (address, stop, task) = started(router, Limits::default()).await;
        let answer = exchange(
            address,
            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        )
        .await;
        assert!(answer.ends_with("127.0.0.1"), "{answer}");
        stop.cancel();
        task.await.expect("task").expect("served");
        assert!(
            TcpStream::connect(address).await.is_err(),
            "the listener is closed"
        );
    }

    #[tokio::test]
    async fn who_comes_just_after_the_stop_was_asked_for_is_answered_still() {
        let router = Router::new().route("/", get(|| async { "in" }));
        let (address, stop, task) = started(router, Limits::default()).await;
        stop.cancel();
        tokio::task::yield_now().await;
        let answer = exchange(
            address,
            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        )
        .await;
        assert!(answer.ends_with("in"), "{answer}");
        task.await.expect("task").expect("served");
        let late = TcpStream::connect(address).await;
        assert!(late.is_err(), "and nobody after the last call");
    }

    #[tokio::test]
    async fn what_is_under_way_ends_before_the_server_does() {
        let entered = Arc::new(tokio::sync::Notify::new());
        let leave = Arc::new(tokio::sync::Notify::new());
        let (seen, gate) = (Arc::clone(&entered), Arc::clone(&leave));
        let router = Router::new().route(
            "/",
            get(move || {
                let (seen, gate) = (Arc::clone(&seen), Arc::clone(&gate));
                async move {
                    seen.notify_one();
                    gate.notified().await;
                    "done"
                }
            }),
        );
        let (address, stop, task) = started(router, Limits::default()).await;
        let client = tokio::spawn(async move {
            exchange(
                address,
                "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
            )
            .await
        });
        entered.notified().await;
        stop.cancel();
        leave.notify_one();
        assert!(client.await.expect("client").ends_with("done"));
        task.await.expect("task").expect("served");
    }

    #[tokio::test]
    async fn a_silent_connection_does_not_hold_the_end_and_slow_headers_are_given_up() {
        let limits = Limits {
            header_time: Duration::from_millis(50),
            ..Limits::default()
        };
        let router = Router::new().route("/", get(|| async { "in" }));
        let (address, stop, task) = started(router, limits).await;
        // The request never ends; the server does.
        let slow = exchange(address, "GET / HTTP/1.1\r\nhost: a\r\n").await;
        assert!(!slow.contains("200"), "{slow}");
        let silent = TcpStream::connect(address).await.expect("connection");
        let answered = exchange(
            address,
            "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n",
        );
        assert!(answered.await.ends_with("in"));
        stop.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(5), task).await;
        ended
            .expect("within the drain")
            .expect("task")
            .expect("served");
        drop(silent);
    }

    #[tokio::test]
    async fn a_connection_beyond_the_limit_waits_for_a_place() {
        let limits = Limits {
            connections: 1,
            ..Limits::default()
        };
        let router = Router::new().route("/", get(|| async { "in" }));
        let (address, _stop, _task) = started(router, limits).await;
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        let first = TcpStream::connect(address).await.expect("connection");
        let waiting = tokio::spawn(exchange(address, request));
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished(), "the only place is taken");
        drop(first);
        assert!(waiting.await.expect("client").ends_with("in"));
    }

    #[tokio::test]
    async fn headers_beyond_the_limit_are_refused() {
        let router = Router::new().route("/", get(|| async { "in" }));
        let (address, _stop, _task) = started(router, Limits::default()).await;
        let long = "a".repeat(20_000);
        let answer = exchange(
            address,
            &format!("GET / HTTP/1.1\r\nhost: a\r\nx: {long}\r\n\r\n"),
        )
        .await;
        assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
    }

    #[tokio::test]
    async fn tls_is_served_with_the_certificate_given() {
        let made =
            rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("certificate");
        let pair = PemPair {
            certificates: made.cert.pem().into_bytes(),
            key: made.signing_key.serialize_pem().into_bytes(),
        };
        let certificates = Certificates::open(Box::new(move || Ok(pair.clone()))).expect("a pair");
        let config = certificates.config().expect("configuration");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let port = listener.local_addr().expect("address").port();
        let stop = CancellationToken::new();
        let router = Router::new().route("/", get(|| async { "secret" }));
        let task = tokio::spawn(serve(
            listener,
            Some(config),
            router,
            stop.clone(),
            Limits::default(),
        ));
        let outgoing = crate::Outgoing::new(crate::OutgoingConfig {
            allow: vec!["localhost".to_owned()],
            extra_roots_pem: vec![made.cert.pem()],
            ..crate::OutgoingConfig::default()
        })
        .expect("client");
        let url = url::Url::parse(&format!("https://localhost:{port}/")).expect("url");
        let answer = outgoing
            .get(&url, &crate::outgoing::Options::default())
            .await
            .expect("answer");
        assert_eq!(&answer.body[..], b"secret");
        stop.cancel();
        task.await.expect("task").expect("served");
    }
}
