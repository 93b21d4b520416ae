//! A mail server that answers as the test says (RFC 5321).

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a server says to `RCPT`, connection by connection; then 250.
#[derive(Clone, Default)]
pub(crate) struct Script {
    rcpt: Arc<Mutex<VecDeque<&'static str>>>,
    sender: Option<&'static str>,
    auth: bool,
    /// Mails of one connection, after which the server goes away without a word.
    patience: Option<usize>,
    connections: Arc<AtomicUsize>,
    got: Arc<Mutex<Vec<String>>>,
    said: Arc<Mutex<Vec<String>>>,
}

impl Script {
    /// A server that gives these answers to its first recipients.
    pub(crate) fn new(rcpt: &[&'static str]) -> Self {
        Self {
            rcpt: Arc::new(Mutex::new(rcpt.iter().copied().collect())),
            ..Self::default()
        }
    }

    /// A server that refuses every password.
    pub(crate) fn refusing_passwords() -> Self {
        Self {
            auth: true,
            ..Self::default()
        }
    }

    /// A server that says this to whoever writes.
    pub(crate) fn refusing_senders(answer: &'static str) -> Self {
        Self {
            sender: Some(answer),
            ..Self::default()
        }
    }

    /// A server that goes away after so many mails.
    pub(crate) fn leaving_after(mails: usize) -> Self {
        Self {
            patience: Some(mails),
            ..Self::default()
        }
    }

    /// The connections it had.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// The mails it took.
    pub(crate) fn got(&self) -> Vec<String> {
        self.got.lock().expect("mails").clone()
    }

    /// The commands it heard.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.said.lock().expect("commands").clone()
    }

    /// Starts it.
    pub(crate) async fn start(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let script = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                script.connections.fetch_add(1, Ordering::Relaxed);
                tokio::spawn(script.clone().serve(stream));
            }
        });
        address
    }

    async fn serve(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        say(&mut stream, "220 test").await;
        let mut taken = 0;
        loop {
            let Some(line) = line(&mut stream).await else {
                return;
            };
            self.said.lock().expect("commands").push(line.clone());
            let verb = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_uppercase();
            let answer = match verb.as_str() {
                "EHLO" if self.auth => "250-test\r\n250 AUTH PLAIN",
                "EHLO" => "250 test",
                "AUTH" => "535 5.7.8 no",
                "MAIL" => self.sender.unwrap_or("250 ok"),
                "RCPT" => self
                    .rcpt
                    .lock()
                    .expect("script")
                    .pop_front()
                    .unwrap_or("250 ok"),
                "DATA" => {
                    say(&mut stream, "354 go on").await;
                    let mail = data(&mut stream).await;
                    self.got.lock().expect("mails").push(mail);
                    taken += 1;
                    "250 taken"
                }
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            say(&mut stream, answer).await;
            if verb == "QUIT" || (verb == "DATA" && self.patience == Some(taken)) {
                return;
            }
        }
    }
}

async fn say(stream: &mut BufReader<TcpStream>, answer: &str) {
    let answer = format!("{answer}\r\n");
    // The other side may have gone away.
    let _ = stream.get_mut().write_all(answer.as_bytes()).await;
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await {
        Ok(1..) => Some(line.trim_end().to_owned()),
        _ => None,
    }
}

async fn data(stream: &mut BufReader<TcpStream>) -> String {
    let mut mail = String::new();
    while let Some(next) = line(stream).await {
        if next == "." {
            break;
        }
        mail.push_str(&next);
        mail.push('\n');
    }
    mail
}
