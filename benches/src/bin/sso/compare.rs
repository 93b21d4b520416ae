//! Besace and the peer in turn.

use crate::flow::{CLIENT, SIGNED_CLIENT};
use crate::load::Outcome;
use crate::process::Server;
use crate::report::Spread;

/// How long to compare.
#[derive(clap::Args)]
pub(crate) struct Plan {
    /// Sign-ins of each measurement.
    #[arg(long, default_value_t = 3_000)]
    flows: u32,
    /// Measurements of each case and server.
    #[arg(long, default_value_t = 3)]
    rounds: u32,
    /// Agents known.
    #[arg(long, default_value_t = 20_000)]
    agents: u32,
    /// Besace only: to look at it under a profiler.
    #[arg(long)]
    alone: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            flows: 3_000,
            rounds: 3,
            agents: 20_000,
            alone: false,
        }
    }
}

/// Sign-ins before the count begins: the peer's are compiled by then.
const WARM_UP: u32 = 4_000;
/// Name, application, in flight.
const CASES: [(&str, &str, &str); 3] = [
    ("ES256, JSON userinfo", CLIENT, "32"),
    ("ES256, JSON userinfo", CLIENT, "8"),
    ("ES256, signed userinfo", SIGNED_CLIENT, "32"),
];

/// Prints the table.
pub(crate) fn run(plan: &Plan) {
    let folder = tempfile::tempdir().expect("a folder");
    let besace = Server::besace(folder.path(), plan.agents);
    let peer = (!plan.alone).then(Server::peer);
    besace.load(plan.agents, WARM_UP, &[]);
    if let Some(peer) = &peer {
        peer.load(plan.agents, WARM_UP, &[]);
    }
    println!(
        "| case | in flight | server | CPU ms each | per core·s | p50 ms | p99 ms | RSS MB | ratio |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for (name, application, waiting) in CASES {
        let options = ["--application", application, "--waiting", waiting];
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        // In turn, so that a slow minute of the machine falls on both.
        for _ in 0..plan.rounds {
            ours.push(besace.load(plan.agents, plan.flows, &options));
            if let Some(peer) = &peer {
                theirs.push(peer.load(plan.agents, plan.flows, &options));
            }
        }
        let ratio = Spread::of(&theirs, Outcome::cpu_each).middle
            / Spread::of(&ours, Outcome::cpu_each).middle;
        let ratio = format!("**{ratio:.1}**");
        line(
            name,
            waiting,
            "Besace",
            &ours,
            if plan.alone { "" } else { &ratio },
        );
        if peer.is_some() {
            line(name, waiting, "oidc-provider", &theirs, "");
        }
    }
}

fn line(case: &str, waiting: &str, server: &str, runs: &[Outcome], ratio: &str) {
    let cpu = Spread::of(runs, Outcome::cpu_each);
    let errors: u32 = runs.iter().map(|run| run.errors).sum();
    println!(
        "| {case} | {waiting} | {server} | {} | {:.0} | {} | {} | {} | {ratio} |",
        cpu.text(3),
        1_000.0 / cpu.middle,
        Spread::of(runs, |run| run.p50).text(1),
        Spread::of(runs, |run| run.p99).text(1),
        Spread::of(runs, |run| run.rss_mb).text(0),
    );
    if errors > 0 {
        println!("\n{errors} sign-ins failed at {server}: the figures above do not count.\n");
    }
}
