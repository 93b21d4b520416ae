//! A private PostgreSQL on a free loopback port, in a temporary folder.
//!
//! It must end with the task that started it, even when that is killed. So a small shell script
//! stands between: it runs in its own process group, deaf to Ctrl+C, and stops the server and
//! removes the folder when its standard input closes; the system closes it when this process
//! ends, however it ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};

use crate::error::TaskError;
use crate::packages;
use crate::workspace::Workspace;

/// Arguments: folder of the programs, port. Prints `ready` once the server answers.
const KEEPER: &str = r#"
trap '' INT TERM HUP
programs=$1 port=$2
folder=$(mktemp -d "${TMPDIR:-/tmp}/besace-postgres.XXXXXX") || exit 1
"$programs/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 \
  --no-sync >"$folder/log" 2>&1 &&
"$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 \
  -o "-p $port -k $folder -c listen_addresses=127.0.0.1 -c max_connections=300 -c fsync=on" \
  start >>"$folder/log" 2>&1 &&
echo ready || cat "$folder/log"
cat >/dev/null
"$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1
rm -rf "$folder"
"#;

/// A running server; dropping it stops it and removes its folder.
pub(crate) struct Postgres {
    keeper: Child,
    port: u16,
}

impl Postgres {
    /// Starts a server.
    ///
    /// # Errors
    /// When the programs are absent or the server does not start.
    pub(crate) fn start(workspace: &Workspace) -> Result<Self, TaskError> {
        let programs =
            programs().ok_or_else(|| TaskError::Postgres("no PostgreSQL here".to_owned()))?;
        let port = free_port().map_err(TaskError::NoPort)?;
        // PostgreSQL refuses to run as root.
        let mut command = if packages::is_root(workspace) {
            let mut command = workspace.command("runuser");
            command.args(["-u", "postgres", "--", "sh"]);
            command
        } else {
            workspace.command("sh")
        };
        command
            .args(["-c", KEEPER, "besace-postgres"])
            .arg(&programs)
            .arg(port.to_string());
        command.current_dir("/").process_group(0);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let mut keeper = command.spawn().map_err(|source| TaskError::Spawn {
            program: "postgres".to_owned(),
            source,
        })?;
        let mut line = String::new();
        if let Some(output) = keeper.stdout.take() {
            let mut output = BufReader::new(output);
            let read = output.read_line(&mut line);
            if read.is_err() || line.trim() != "ready" {
                keeper.stdin.take();
                // The rest of the log explains; nothing else can be done with a failed read.
                drop(output.read_to_string(&mut line));
            }
        }
        let server = Self { keeper, port };
        if line.trim() == "ready" {
            Ok(server)
        } else {
            Err(TaskError::Postgres(line))
        }
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.keeper.stdin.take();
        // The script has nothing left to do but end; a failure to wait changes nothing here.
        drop(self.keeper.wait());
    }
}

/// Folder of the newest PostgreSQL server of this machine.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .filter(|(_, folder)| Path::new(folder).join("pg_ctl").is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, folder)| folder)
}

/// A port nobody listens on at this moment.
pub(crate) fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn a_private_server_answers_and_ends_with_what_started_it() {
        if programs().is_none() {
            assert!(
                std::env::var_os("BESACE_REQUIRE_PG").is_none(),
                "PostgreSQL is required"
            );
            return;
        }
        let workspace = Workspace::open().unwrap();
        let server = Postgres::start(&workspace).unwrap();
        let address = ("127.0.0.1", server.port);
        assert!(server.url().contains(&server.port.to_string()));
        TcpStream::connect(address).unwrap();
        drop(server);
        assert!(TcpStream::connect(address).is_err());
    }
}
