//! Ten thousand open pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use crate::browser::{Network, Session};
use crate::cases::Target;
use crate::timing::{now, since};

/// Streams of one agent: what the server allows.
pub(crate) const EACH: u32 = kernel_http::live::AGENT_STREAMS;

#[derive(Default)]
struct Heard {
    open: AtomicU32,
    hints: AtomicU32,
    changed: Notify,
}

/// Opens the streams, says a hint, prints memory and time.
pub(crate) async fn run(target: &Target, network: &Network, sessions: &[Session], wanted: u32) {
    let before = benches::process::usage(target.pid).rss_mb;
    let heard = Arc::new(Heard::default());
    let mut tasks = tokio::task::JoinSet::new();
    for session in sessions
        .iter()
        .cycle()
        .take(usize::try_from(wanted).unwrap_or_default())
    {
        let (port, cookies) = (target.port, session.cookies.clone());
        let heard = Arc::clone(&heard);
        tasks.spawn(async move { listen(port, &cookies, &heard).await });
        if tasks.len().is_multiple_of(100) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    until(&heard, &heard.open, wanted).await;
    let each = (benches::process::usage(target.pid).rss_mb - before) * 1_024.0 / f64::from(wanted);
    let mut lasts = Vec::new();
    for _ in 0..3 {
        heard.hints.store(0, Ordering::SeqCst);
        let started = now();
        network.say().await;
        until(&heard, &heard.hints, wanted).await;
        lasts.push(since(started));
    }
    let last = crate::timing::median(&lasts);
    println!("| {wanted} live streams | {each:.1} KB each | last one hears after {last:.0} ms |");
    tasks.abort_all();
}

async fn until(heard: &Heard, counter: &AtomicU32, wanted: u32) {
    while counter.load(Ordering::SeqCst) < wanted {
        let waited = heard.changed.notified();
        let _late = tokio::time::timeout(Duration::from_millis(50), waited).await;
    }
}

/// One stream over a bare connection: what is measured is the server.
async fn listen(port: u16, cookies: &str, heard: &Heard) {
    let mut stream = TcpStream::connect(("127.0.0.1", port))
        .await
        .expect("a connection");
    let request = format!(
        "GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\
         Accept: text/event-stream\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .await
        .expect("a request");
    let mut chunk = [0_u8; 1_024];
    let mut begun = false;
    loop {
        let read = stream.read(&mut chunk).await.unwrap_or_default();
        if read == 0 {
            return;
        }
        let text = String::from_utf8_lossy(chunk.get(..read).unwrap_or_default());
        if !begun && text.contains(": open") {
            begun = true;
            heard.open.fetch_add(1, Ordering::SeqCst);
            heard.changed.notify_one();
        }
        if text.contains("event: hint") {
            heard.hints.fetch_add(1, Ordering::SeqCst);
            heard.changed.notify_one();
        }
    }
}
