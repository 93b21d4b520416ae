//! Sign-ins: Besace beside npm oidc-provider, in the same run.
//!
//! One flow is what an application's visitor costs: authorize → the interaction is approved →
//! token → userinfo, with PKCE, an ES256 id token, a new session and a new grant each time. Besace
//! is the composed sign-in tool behind all of the house's middleware, on SQLite with
//! `synchronous=FULL`, with journal, outbox, workers and access log; the peer keeps everything in
//! memory and does one request more (its resumption). People are proved by nobody: both servers
//! approve an interaction for the asking, since the benchmark is not about passwords.
//!
//! `cargo xtask bench sso [-- compare]` prints processor time (user and system) a flow, latency
//! and memory; `cargo xtask bench sso -- steady` keeps 111 sign-ins a second over 400,000 agents,
//! the State's published load. Both servers are pinned to the first core and the load generator,
//! a process of its own, to the second, where there are two.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench stops where it fails and prints its table"
)]

mod compare;
mod flow;
mod load;
mod process;
mod report;
mod server;
mod steady;

use clap::{Parser, Subcommand};

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Sign-ins beside npm oidc-provider.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
}

#[derive(Subcommand)]
enum Task {
    /// Besace and the peer in turn, closed loop.
    Compare(compare::Plan),
    /// A fixed rate over many agents, open loop.
    Steady(steady::Plan),
    /// Besace alone: prints its port, serves until told to stop.
    #[command(hide = true)]
    Serve(server::Plan),
    /// The load generator: prints one line of JSON.
    #[command(hide = true)]
    Load(load::Plan),
}

fn main() {
    match Arguments::parse().task {
        None => compare::run(&compare::Plan::default()),
        Some(Task::Compare(plan)) => compare::run(&plan),
        Some(Task::Steady(plan)) => steady::run(&plan),
        Some(Task::Serve(plan)) => server::run(&plan),
        Some(Task::Load(plan)) => load::run(&plan),
    }
}
