//! A private NATS server on a free loopback port, for the tests of the bus.
//!
//! As with [`Postgres`](crate::postgres::Postgres), a small shell script stands between, so that
//! the server ends with the task that started it, however that ends.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use crate::error::TaskError;
use crate::postgres::free_port;
use crate::workspace::Workspace;

/// Arguments: the program, port. Prints the server's process id, then waits for its input to
/// close.
const KEEPER: &str = r#"
trap '' INT TERM HUP
"$1" -a 127.0.0.1 -p "$2" >/dev/null 2>&1 &
echo $!
cat >/dev/null
kill -9 $! 2>/dev/null
wait
"#;

/// How often, and how far apart, the server is looked for until it answers: ten seconds.
const TRIES: u32 = 200;
const PAUSE: Duration = Duration::from_millis(50);

/// A running server; dropping it stops it.
pub(crate) struct Nats {
    keeper: Child,
    port: u16,
}

impl Nats {
    /// Starts a server.
    ///
    /// # Errors
    /// When the program is absent or the server does not answer.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self, TaskError> {
        let program =
            program(workspace).ok_or_else(|| TaskError::Nats("no nats-server here".to_owned()))?;
        let port = free_port().map_err(TaskError::NoPort)?;
        let mut command = workspace.command("sh");
        command
            .args(["-c", KEEPER, "besace-nats"])
            .arg(&program)
            .arg(port.to_string());
        command.current_dir("/").process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = command.spawn().map_err(|source| TaskError::Spawn {
            program: "nats-server".to_owned(),
            source,
        })?;
        let mut line = String::new();
        if let Some(output) = keeper.stdout.take() {
            // The id tells that the server was started; nothing else is made of it.
            drop(BufReader::new(output).read_line(&mut line));
        }
        let server = Self { keeper, port };
        for _ in 0..TRIES {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            thread::sleep(PAUSE);
        }
        Err(TaskError::Nats("it does not answer".to_owned()))
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.keeper.stdin.take();
        // The script has nothing left to do but end; a failure to wait changes nothing here.
        drop(self.keeper.wait());
    }
}

/// The server's program: on the search path, or where Debian puts it, which is not on everybody's.
pub(crate) fn program(workspace: &Workspace) -> Option<PathBuf> {
    std::env::split_paths(&workspace.search_path())
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join("nats-server"))
        .find(|program| program.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_server_answers_and_ends_with_what_started_it() {
        let workspace = Workspace::open().unwrap();
        if program(&workspace).is_none() {
            assert!(
                std::env::var_os("BESACE_REQUIRE_NATS").is_none(),
                "NATS is required"
            );
            return;
        }
        let server = Nats::start(&workspace).unwrap();
        let address = ("127.0.0.1", server.port);
        assert!(server.url().ends_with(&server.port.to_string()));
        TcpStream::connect(address).unwrap();
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }
}
