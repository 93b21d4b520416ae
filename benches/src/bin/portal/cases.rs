//! What is asked of the server, and what is printed.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::browser::{Network, Session};
use crate::timing::{median, now, quantile, since};
use crate::{naive, streams};

/// The server under load.
pub(crate) struct Target {
    pub(crate) port: u16,
    pub(crate) pid: u32,
    pub(crate) data: PathBuf,
}

/// Agents whose pages are asked for in turn.
const READERS: u32 = 200;
const RATE: u32 = 1_000;
const SECONDS: u32 = 5;
const TYPISTS: usize = 20;
const RUNS: usize = 3;

/// Runs every case.
pub(crate) fn run(target: &Target, agents: u32, wanted: u32) {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a thread")
        .block_on(all(target, agents, wanted));
}

async fn all(target: &Target, agents: u32, wanted: u32) {
    let network = Network::to(target.port);
    let needed = READERS.max(wanted.div_ceil(streams::EACH));
    let mut sessions = Vec::new();
    for number in 0..needed {
        let spread = u64::from(number) * 2_654_435_761 % u64::from(agents);
        let agent = u32::try_from(spread).unwrap_or_default();
        sessions.push(network.sign_in(agent).await);
    }
    println!("{agents} agents, 500 tools, 20 audiences; SQLite FULL; medians of {RUNS} runs");
    println!("| case | 1 | 2 |\n| --- | --- | --- |");
    home(target, &sessions).await;
    search(target, &sessions).await;
    if let Some(operator) = sessions.first() {
        describe(operator).await;
    }
    streams::run(target, &network, &sessions, wanted).await;
    let rss = benches::process::usage(target.pid).rss_mb;
    println!("| memory at the end | {rss:.0} MB | |");
}

/// The home page at a fixed rate; times count from when each request was due.
async fn home(target: &Target, sessions: &[Session]) {
    let (mut middles, mut lates, mut costs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let before = benches::process::usage(target.pid).cpu_ms;
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        let started = now();
        let readers = sessions
            .iter()
            .take(usize::try_from(READERS).unwrap_or_default());
        let turns = readers
            .cycle()
            .take(usize::try_from(RATE * SECONDS).unwrap_or_default());
        for (number, session) in (0_u32..).zip(turns) {
            let due = started + Duration::from_secs_f64(f64::from(number) / f64::from(RATE));
            tokio::time::sleep_until(due.into()).await;
            let (session, sender) = (session.clone(), sender.clone());
            tasks.spawn(async move {
                session.get("/api/v1/home").await.expect("a home page");
                _ = sender.send(since(due));
            });
            while tasks.try_join_next().is_some() {}
        }
        while tasks.join_next().await.is_some() {}
        drop(sender);
        let mut times = Vec::new();
        while let Some(took) = receiver.recv().await {
            times.push(took);
        }
        middles.push(quantile(&mut times, 50));
        lates.push(quantile(&mut times, 99));
        let cpu = benches::process::usage(target.pid).cpu_ms - before;
        costs.push(cpu / f64::from(RATE * SECONDS));
    }
    println!(
        "| home at {RATE}/s | p50 {:.1} ms, p99 {:.1} ms (goal 10) | {:.2} ms of processor |",
        median(&middles),
        median(&lates),
        median(&costs)
    );
}

/// What people type, letter after letter.
fn typed() -> Vec<String> {
    let names = [
        "claire delmas",
        "lacaze mat",
        "zoé cher",
        "registre 12",
        "inès fofa",
        "bou",
    ];
    let mut words = Vec::new();
    for name in names {
        let letters: Vec<char> = name.chars().collect();
        for end in 2..=letters.len() {
            let prefix: String = letters.iter().take(end).collect();
            words.push(prefix.trim().to_owned());
        }
    }
    words
}

async fn search(target: &Target, sessions: &[Session]) {
    let words = Arc::new(typed());
    let (mut middles, mut lates) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let mut tasks = JoinSet::new();
        for session in sessions.iter().take(TYPISTS) {
            let (session, words) = (session.clone(), Arc::clone(&words));
            tasks.spawn(async move {
                let mut times = Vec::new();
                for typed in words.iter() {
                    let query = url::form_urlencoded::byte_serialize(typed.as_bytes());
                    let path = format!("/api/v1/search?q={}", query.collect::<String>());
                    let started = now();
                    session.get(&path).await.expect("an answer");
                    times.push(since(started));
                    // A quick typist: seven letters a second.
                    tokio::time::sleep(Duration::from_millis(150)).await;
                }
                times
            });
        }
        let mut times = Vec::new();
        while let Some(some) = tasks.join_next().await {
            times.extend(some.expect("a typist"));
        }
        middles.push(quantile(&mut times, 50));
        lates.push(quantile(&mut times, 95));
    }
    let ours = median(&lates);
    println!(
        "| search, {TYPISTS} people typing | p50 {:.1} ms, p95 {ours:.1} ms (goal 60) | all sources |",
        median(&middles)
    );
    let theirs = naive::p95(&target.data, &words);
    println!(
        "| the same by LIKE on the same file, one person | p95 {theirs:.1} ms | **{:.1}×** |",
        theirs / ours
    );
}

/// An audience of some administrations without trainees, as a sentence with its head-count.
async fn describe(operator: &Session) {
    let (token, organisation) = operator.facts().await;
    let others: Vec<_> = benches::people::organisations()
        .iter()
        .take(5)
        .map(|one| serde_json::json!({ "organisation": { "id": one.id, "subtree": true } }))
        .collect();
    let rule = serde_json::json!({
        "organisation": organisation,
        "audience": { "all": [
            { "any": others },
            { "not": { "population": "stagiaire" } },
        ] },
    });
    let mut times = Vec::new();
    for _ in 0..30 {
        let started = now();
        let path = "/api/v1/admin/audience/describe";
        let answer = operator.post(path, &token, rule.to_string()).await;
        answer.expect("a description");
        times.push(since(started));
    }
    println!(
        "| an audience described and counted | p50 {:.1} ms, worst {:.1} ms (goal 50) | |",
        quantile(&mut times, 50),
        quantile(&mut times, 100)
    );
}
