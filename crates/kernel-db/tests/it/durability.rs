//! What the operating system sees: a group's writes, one sync, then the answers.

use std::process::Command;

use kernel_db::{DatabaseConfig, Db, DbError, testing::TestDb};

use crate::{
    common::{SETS, add},
    crash::program,
};

const PLACE: &str = "BESACE_TRACE_PLACE";

/// The program that is traced: ten writes one after the other, then a hundred at once.
#[test]
#[ignore = "the program that another test traces"]
fn traced() {
    let folder = std::env::var(PLACE).expect("started by the test").into();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let db = Db::open(&DatabaseConfig::Sqlite { folder })
            .await
            .expect("a database");
        for number in 0..10 {
            write(&db, number).await;
            println!("ack one {number}");
        }
        let group = (10..110).map(|number| write(&db, number));
        futures_util::future::join_all(group).await;
        println!("ack hundred");
        db.close().await;
    });
}

async fn write(db: &Db, number: u8) {
    db.write(move |tx| {
        Box::pin(async move { add(tx, number, &format!("thing {number}"), 1).await })
    })
    .await
    .map_err(|error: DbError| error)
    .expect("a write");
}

#[tokio::test]
async fn each_group_is_synced_once_before_its_answers() {
    let test = TestDb::sqlite(SETS).await;
    test.db.clone().close().await;
    let DatabaseConfig::Sqlite { folder } = test.config() else {
        panic!("SQLite");
    };
    let trace = test.file("trace");
    let mut command = Command::new("strace");
    command
        .args([
            "-f",
            "-y",
            "-s",
            "64",
            "-e",
            "trace=write,pwrite64,fdatasync,fsync",
            "-o",
        ])
        .arg(&trace)
        .arg(std::env::current_exe().expect("this binary"))
        .env(PLACE, folder);
    program(&mut command, "durability::traced");
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => {
            // Tracing is forbidden in some containers; the program itself must not fail.
            let text = std::fs::read_to_string(&trace).unwrap_or_default();
            assert!(!text.contains("exited with 101"), "{status}");
            eprintln!("skipped: strace may not trace here ({status})");
            return;
        }
        Err(cause) => {
            eprintln!("skipped: no strace here ({cause})");
            return;
        }
    }
    let text = std::fs::read_to_string(&trace).expect("a trace");
    let groups = groups(&text);
    assert_eq!(groups.len(), 11, "{groups:?}");
    for (place, group) in groups.iter().enumerate() {
        assert!(group.writes > 0, "group {place} wrote: {groups:?}");
        assert!(
            group.synced,
            "group {place} was on the disk when it was answered"
        );
    }
    // The first commit also syncs the new log's header.
    for group in &groups[1..10] {
        assert_eq!(group.syncs, 1, "{groups:?}");
    }
    // A hundred waiting: one is under way when the others come, then they go together.
    let hundred = groups.last().expect("the last group");
    assert!(hundred.syncs <= 3, "{groups:?}");
}

/// What happened to the log up to an answer.
#[derive(Debug, Default)]
struct Group {
    writes: u32,
    syncs: u32,
    /// Whether nothing was written since the last sync.
    synced: bool,
}

fn groups(trace: &str) -> Vec<Group> {
    let mut groups = Vec::new();
    let mut group = Group::default();
    let mut syncing = false;
    for line in trace.lines() {
        let is_log = line.contains("besace.sqlite-wal");
        if line.contains("write") && line.contains("\"ack ") {
            groups.push(std::mem::take(&mut group));
        } else if line.contains("pwrite64(") && is_log {
            group.writes += 1;
            group.synced = false;
        } else if (line.contains("fdatasync(") || line.contains("fsync(")) && is_log {
            if line.contains("unfinished") {
                syncing = true;
            } else {
                group.syncs += 1;
                group.synced = true;
            }
        } else if syncing && line.contains("sync resumed") {
            syncing = false;
            group.syncs += 1;
            group.synced = true;
        }
    }
    groups
}
