//! The processes of a run: started, pinned, measured and ended here.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use benches::process::{Usage, own_path, pinned, usage};

use crate::flow::Kind;
use crate::load::Outcome;

/// A server under load; ends with this value.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    pub(crate) port: u16,
    child: Child,
    /// Kept open: a server whose reader has gone away fails at its next line.
    _output: BufReader<ChildStdout>,
}

impl Server {
    /// Besace, knowing so many agents, its data and its log in `folder`.
    pub(crate) fn besace(folder: &Path, agents: u32) -> Self {
        let mut command = pinned(&own_path(), 0);
        let log = std::fs::File::create(folder.join("besace.log")).expect("a log");
        command
            .args(["serve", "--agents", &agents.to_string(), "--data"])
            .arg(folder.join("data"))
            .stderr(log);
        Self::start(Kind::Besace, command)
    }

    /// The peer, installed by npm in its folder.
    pub(crate) fn peer() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/oidc-provider");
        let mut command = pinned(Path::new("node"), 0);
        command
            .arg("server.mjs")
            .current_dir(folder)
            .env("NODE_ENV", "production");
        Self::start(Kind::Peer, command)
    }

    fn start(kind: Kind, mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("a server");
        let mut output = BufReader::new(child.stdout.take().expect("its output"));
        let mut line = String::new();
        // The first line that is a number: the peer has warnings before it.
        let port = loop {
            line.clear();
            let read = output.read_line(&mut line).expect("its port");
            assert!(read > 0, "the server ended at its start");
            if let Ok(port) = line.trim().parse() {
                break port;
            }
        };
        Self {
            kind,
            port,
            child,
            _output: output,
        }
    }

    pub(crate) fn usage(&self) -> Usage {
        usage(self.child.id())
    }

    /// Runs the load generator against it.
    pub(crate) fn load(&self, agents: u32, flows: u32, options: &[&str]) -> Outcome {
        let mut command = pinned(&own_path(), 1);
        command.arg("load").args(match self.kind {
            Kind::Besace => ["--kind", "besace"],
            Kind::Peer => ["--kind", "peer"],
        });
        for (name, value) in [
            ("--port", u32::from(self.port)),
            ("--pid", self.child.id()),
            ("--agents", agents),
            ("--flows", flows),
        ] {
            command.arg(name).arg(value.to_string());
        }
        let output = command
            .args(options)
            .stderr(Stdio::inherit())
            .output()
            .expect("the load generator");
        serde_json::from_slice(&output.stdout).expect("an outcome")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Besace stops as an operator stops it; the peer has nothing to lose.
        let pid = self.child.id().to_string();
        let told = Command::new("kill").arg(&pid).status();
        if told.is_err() {
            drop(self.child.kill());
        }
        drop(self.child.wait());
    }
}
