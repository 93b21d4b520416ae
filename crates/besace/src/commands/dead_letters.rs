//! `besace admin dead-letters`: work that was given up, listed and put back.

use std::path::Path;

use kernel::{Clock as _, SystemClock};
use kernel_db::{Db, DeadLetter, DeadLetterSource, Retried, dead_letters, retry_dead_letter};

use super::{configuration, say, say_error};
use crate::cli::DeadLetterArgs;
use crate::compose::{StartError, database};

/// How many are listed.
const LISTED: u32 = 100;
/// How many are looked at for those of a kind.
const LOOKED_AT: u32 = 1_000;

/// Lists them, or puts those asked for back; whether all of these wait again.
pub(crate) async fn run(args: &DeadLetterArgs) -> Result<bool, StartError> {
    let db = open(&args.config).await?;
    let done = if args.retry.is_empty() && args.retry_kind.is_none() {
        list(&db, args.json).await.map(|()| true)
    } else {
        retry(&db, args).await
    };
    db.close().await;
    done
}

async fn open(path: &Path) -> Result<Db, StartError> {
    Ok(Db::open(&database(&configuration(path)?)).await?)
}

async fn list(db: &Db, json: bool) -> Result<(), StartError> {
    let letters = dead_letters(db, LISTED).await?;
    if json {
        let letters: Vec<_> = letters.iter().map(as_json).collect();
        say(serde_json::to_string_pretty(&letters).unwrap_or_default());
        return Ok(());
    }
    if letters.is_empty() {
        say("no dead letters");
    }
    for letter in &letters {
        say(line(letter));
    }
    Ok(())
}

async fn retry(db: &Db, args: &DeadLetterArgs) -> Result<bool, StartError> {
    let mut ids = args.retry.clone();
    if let Some(kind) = &args.retry_kind {
        let letters = dead_letters(db, LOOKED_AT).await?;
        ids.extend(
            letters
                .iter()
                .filter(|one| one.kind == *kind)
                .map(|one| one.id),
        );
    }
    ids.sort_unstable();
    ids.dedup();
    let (mut waiting, mut all) = (0_usize, true);
    for id in ids {
        match retry_dead_letter(db, id, SystemClock::default().now()).await? {
            Retried::Waits => waiting += 1,
            Retried::Unknown => {
                all = false;
                say_error(format!("{id}: there is no such dead letter"));
            }
            Retried::Left => {
                all = false;
                say_error(format!(
                    "{id}: its event was removed meanwhile and cannot come again; the letter stays"
                ));
            }
        }
    }
    say(format!("{waiting} put back: the server does them next"));
    Ok(all)
}

/// One line, without the payload: it may name people.
fn line(letter: &DeadLetter) -> String {
    let tries = if letter.attempts == 1 { "try" } else { "tries" };
    let consumer = letter.consumer.as_deref();
    format!(
        "{}\t{}\t{} {}{}\t{} {tries}\t{}",
        letter.id,
        moment(letter),
        word(letter.source),
        letter.kind,
        consumer.map_or_else(String::new, |name| format!(" for {name}")),
        letter.attempts,
        letter.error,
    )
}

fn as_json(letter: &DeadLetter) -> serde_json::Value {
    serde_json::json!({
        "id": letter.id,
        "at": moment(letter),
        "source": word(letter.source),
        "kind": letter.kind,
        "consumer": letter.consumer,
        "attempts": letter.attempts,
        "error": letter.error,
        "payload": letter.payload,
    })
}

const fn word(source: DeadLetterSource) -> &'static str {
    match source {
        DeadLetterSource::Job => "job",
        DeadLetterSource::Event => "event",
    }
}

/// When it was given up, in UTC.
fn moment(letter: &DeadLetter) -> String {
    jiff::Timestamp::from_second(letter.at.seconds())
        .map_or_else(|_| letter.at.millis().to_string(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    fn letter(source: DeadLetterSource, consumer: Option<&str>, attempts: u32) -> DeadLetter {
        DeadLetter {
            id: 7,
            source,
            kind: "mail.send".to_owned(),
            consumer: consumer.map(str::to_owned),
            payload: serde_json::json!({ "to": "claire@interieur.example" }),
            error: "permanent error (550): unknown".to_owned(),
            attempts,
            at: Timestamp::from_seconds(1_795_508_400),
        }
    }

    #[test]
    fn a_line_says_what_when_and_why_and_names_nobody() {
        assert_eq!(
            line(&letter(DeadLetterSource::Job, None, 1)),
            "7\t2026-11-24T08:20:00Z\tjob mail.send\t1 try\tpermanent error (550): unknown"
        );
        let event = line(&letter(DeadLetterSource::Event, Some("portal.inbox"), 10));
        assert!(
            event.contains("event mail.send for portal.inbox\t10 tries"),
            "{event}"
        );
        assert!(!event.contains('@'), "{event}");
    }
}
