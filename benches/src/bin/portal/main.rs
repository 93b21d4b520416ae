//! The portal under the State's load: 400,000 agents, 500 tools, 20 audiences.
//!
//! The server is sign-in and portal composed as in the program, on SQLite with
//! `synchronous=FULL`, pinned to the first core; the load generator is a process of its own on
//! the second. Sessions are real ones, opened through the sign-in's own pages and a route that
//! stands for the ministry. Printed, medians of three runs:
//! - the home page at 1,000 requests a second, 200 agents in turn (goal: p99 ≤ 10 ms);
//! - the search as 20 people type, the whole answer of every source (goal: p95 ≤ 60 ms), beside
//!   what a directory without keys would do: SQL's `LIKE '%…%'` on the same file;
//! - an audience described and counted (goal: ≤ 50 ms);
//! - 10,000 open live streams: memory each, and when the last one has heard a hint.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it fails and prints its table"
)]

mod browser;
mod cases;
mod naive;
mod server;
mod streams;
mod timing;

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use clap::{Parser, Subcommand};

/// The portal under load.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
    /// Agents in the directory.
    #[arg(long, default_value_t = 400_000)]
    agents: u32,
    /// Live streams to open.
    #[arg(long, default_value_t = 10_000)]
    streams: u32,
}

#[derive(Subcommand)]
enum Task {
    /// The server: prints its port, serves until told to stop.
    #[command(hide = true)]
    Serve {
        /// Where the data goes.
        #[arg(long)]
        data: PathBuf,
    },
    /// The load generator.
    #[command(hide = true)]
    Load {
        /// The server's port.
        #[arg(long)]
        port: u16,
        /// The server's process.
        #[arg(long)]
        pid: u32,
        /// Where its data is.
        #[arg(long)]
        data: PathBuf,
    },
}

fn main() {
    let arguments = Arguments::parse();
    match arguments.task {
        None => run(arguments.agents, arguments.streams),
        Some(Task::Serve { data }) => server::run(&data, arguments.agents),
        Some(Task::Load { port, pid, data }) => {
            let target = cases::Target { port, pid, data };
            cases::run(&target, arguments.agents, arguments.streams);
        }
    }
}

/// Starts the server, gives it the load, stops it.
fn run(agents: u32, streams: u32) {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let log = std::fs::File::create(folder.path().join("besace.log")).expect("a log");
    let agents = agents.to_string();
    let mut server = many_files(0)
        .args(["--agents", &agents, "serve", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .expect("a server");
    let mut line = String::new();
    BufReader::new(server.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("its port");
    let ended = many_files(1)
        .args([
            "--agents",
            &agents,
            "--streams",
            &streams.to_string(),
            "load",
        ])
        .args([
            "--port",
            line.trim(),
            "--pid",
            &server.id().to_string(),
            "--data",
        ])
        .arg(&data)
        .status()
        .expect("the load generator");
    let told = Command::new("kill").arg(server.id().to_string()).status();
    drop(told);
    drop(server.wait());
    assert!(ended.success(), "the load generator failed");
}

/// This program on one core, allowed as many open files as streams need.
fn many_files(core: u32) -> Command {
    let mut command = benches::process::pinned(std::path::Path::new("/usr/bin/prlimit"), core);
    command
        .arg("--nofile=15000:")
        .arg(benches::process::own_path());
    command
}
