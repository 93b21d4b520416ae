//! The State's published load: 400,000 agents within one morning hour.

use crate::process::Server;

/// How long, and over whom.
#[derive(clap::Args)]
pub(crate) struct Plan {
    /// For so many seconds.
    #[arg(long, default_value_t = 300)]
    seconds: u32,
    /// Sign-ins a second.
    #[arg(long, default_value_t = 111)]
    rate: u32,
    /// Agents known.
    #[arg(long, default_value_t = 400_000)]
    agents: u32,
}

/// Prints the table.
pub(crate) fn run(plan: &Plan) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::besace(folder.path(), plan.agents);
    let seeding = server.usage();
    println!(
        "{} agents known after {:.1} s of processor time",
        plan.agents,
        seeding.cpu_ms / 1_000.0
    );
    // Connections, statements and pages are warm before the count begins.
    let rate = plan.rate.to_string();
    server.load(plan.agents, plan.rate * 5, &["--rate", &rate]);
    let start = server.usage();
    let outcome = server.load(plan.agents, plan.rate * plan.seconds, &["--rate", &rate]);
    println!(
        "| sign-ins/s | seconds | sign-ins | errors | p50 ms | p99 ms | longest ms | CPU ms each | core used | RSS MB, start → end |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    println!(
        "| {} | {:.0} | {} | {} | {:.1} | {:.1} | {:.1} | {:.3} | {:.1} % | {:.0} → {:.0} |",
        plan.rate,
        outcome.seconds,
        outcome.flows,
        outcome.errors,
        outcome.p50,
        outcome.p99,
        outcome.max,
        outcome.cpu_each(),
        outcome.cpu_ms / outcome.seconds / 10.0,
        start.rss_mb,
        outcome.rss_mb,
    );
}
