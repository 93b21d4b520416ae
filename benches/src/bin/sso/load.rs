//! The load generator, a process of its own: many flows in a closed loop, or a fixed rate.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::flow::{CLIENT, Kind, Provider};

/// How the load is given.
#[derive(clap::Args)]
pub(crate) struct Plan {
    /// Which provider.
    #[arg(long, value_enum)]
    pub(crate) kind: Kind,
    /// Its port on the loopback.
    #[arg(long)]
    pub(crate) port: u16,
    /// Its process.
    #[arg(long)]
    pub(crate) pid: u32,
    /// Which of its applications.
    #[arg(long, default_value = CLIENT)]
    pub(crate) application: String,
    /// Agents that sign in, one after the other.
    #[arg(long)]
    pub(crate) agents: u32,
    /// Sign-ins in all.
    #[arg(long)]
    pub(crate) flows: u32,
    /// In flight at once, in a closed loop.
    #[arg(long, default_value_t = 32)]
    pub(crate) waiting: u32,
    /// Sign-ins a second, in an open loop instead.
    #[arg(long)]
    pub(crate) rate: Option<u32>,
}

/// What came of it.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Outcome {
    /// Sign-ins that ended well.
    pub(crate) flows: u32,
    /// And those that did not.
    pub(crate) errors: u32,
    /// From the first to the last, in seconds.
    pub(crate) seconds: f64,
    /// The server's processor time, what follows the last answer included, in milliseconds.
    pub(crate) cpu_ms: f64,
    /// Whole sign-ins, in milliseconds; in an open loop from the time when they were due.
    pub(crate) p50: f64,
    /// As `p50`.
    pub(crate) p99: f64,
    /// As `p50`.
    pub(crate) max: f64,
    /// The server's memory at the end, in MB.
    pub(crate) rss_mb: f64,
}

impl Outcome {
    /// The server's processor time for one sign-in, in milliseconds.
    pub(crate) fn cpu_each(&self) -> f64 {
        self.cpu_ms / f64::from(self.flows.max(1))
    }
}

/// What background work follows an answer is done within this time; Besace's workers look again
/// after half a second at most.
const SETTLED: Duration = Duration::from_millis(700);

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn now() -> Instant {
    Instant::now()
}

/// Gives the load and prints the outcome as one line of JSON.
pub(crate) fn run(plan: &Plan) {
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread")
        .block_on(give(plan));
    println!("{}", serde_json::to_string(&outcome).expect("JSON"));
}

async fn give(plan: &Plan) -> Outcome {
    let provider = Arc::new(Provider::new(plan.kind, plan.port, &plan.application));
    let before = benches::process::usage(plan.pid);
    let started = now();
    let (sender, mut receiver) = mpsc::unbounded_channel();
    match plan.rate {
        None => closed(plan, &provider, &sender).await,
        Some(rate) => open(plan, rate, &provider, &sender).await,
    }
    drop(sender);
    let seconds = started.elapsed().as_secs_f64();
    tokio::time::sleep(SETTLED).await;
    let after = benches::process::usage(plan.pid);
    let (mut times, mut errors) = (Vec::new(), 0_u32);
    while let Some(one) = receiver.recv().await {
        match one {
            Ok(took) => times.push(took),
            Err(words) => {
                if errors == 0 {
                    eprintln!("the first sign-in that failed: {words}");
                }
                errors += 1;
            }
        }
    }
    times.sort_by(f64::total_cmp);
    Outcome {
        flows: u32::try_from(times.len()).unwrap_or(u32::MAX),
        errors,
        seconds,
        cpu_ms: after.cpu_ms - before.cpu_ms,
        p50: quantile(&times, 50),
        p99: quantile(&times, 99),
        max: quantile(&times, 100),
        rss_mb: after.rss_mb,
    }
}

type Times = mpsc::UnboundedSender<Result<f64, String>>;

async fn timed(provider: &Provider, agent: u32, due: Instant, times: &Times) {
    let outcome = provider.sign_in(agent).await;
    let took = due.elapsed().as_secs_f64() * 1_000.0;
    drop(times.send(outcome.map(|()| took)));
}

/// So many in flight; each is followed by the next.
async fn closed(plan: &Plan, provider: &Arc<Provider>, times: &Times) {
    let (flows, agents) = (plan.flows, plan.agents);
    let next = Arc::new(AtomicU32::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..plan.waiting {
        let (provider, next, times) = (Arc::clone(provider), Arc::clone(&next), times.clone());
        tasks.spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= flows {
                    break;
                }
                timed(&provider, agent_of(number, agents), now(), &times).await;
            }
        });
    }
    while tasks.join_next().await.is_some() {}
}

/// At fixed times, whoever still waits.
async fn open(plan: &Plan, rate: u32, provider: &Arc<Provider>, times: &Times) {
    let started = now();
    let mut tasks = JoinSet::new();
    for number in 0..plan.flows {
        let due = started + Duration::from_secs_f64(f64::from(number) / f64::from(rate));
        tokio::time::sleep_until(due.into()).await;
        let (provider, times) = (Arc::clone(provider), times.clone());
        let agent = agent_of(number, plan.agents);
        tasks.spawn(async move { timed(&provider, agent, due, &times).await });
        while tasks.try_join_next().is_some() {}
    }
    while tasks.join_next().await.is_some() {}
}

/// Who comes next: spread over all, so that no page of the database stays warm by chance.
fn agent_of(number: u32, agents: u32) -> u32 {
    let spread = u64::from(number) * 2_654_435_761 % u64::from(agents.max(1));
    u32::try_from(spread).unwrap_or_default()
}

fn quantile(sorted: &[f64], percent: usize) -> f64 {
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
}
