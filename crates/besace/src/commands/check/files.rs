//! The data folder, the master key, the disk, and what the process may open.

use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::{Duration, Instant};

use rustix::process::{Resource, getrlimit};

use super::Fact;
use crate::compose::master_key_file;
use crate::config::Config;

/// Bytes free below which a disk is nearly full, and below which writes are about to fail.
const SCARCE: u64 = 2_000_000_000;
const DANGEROUS: u64 = 300_000_000;
/// A sync that takes longer makes itself felt in every write.
const SLOW: Duration = Duration::from_millis(20);
/// Syncs that are measured.
const SYNCS: usize = 15;
/// Files beside the connections: the database, logs, outgoing calls.
const OTHER_FILES: u64 = 1_000;

/// Who may enter the data folder.
pub(super) fn folder(config: &Config) -> Option<Fact> {
    let folder = &config.database.folder;
    let metadata = std::fs::metadata(folder).ok()?;
    let about = "data folder";
    let mode = metadata.permissions().mode() & 0o777;
    let of_others = mode & 0o077;
    Some(if of_others == 0 {
        Fact::good(about, format!("{}, for its owner only", folder.display()))
    } else {
        Fact::error(
            about,
            format!(
                "{} may be entered by others (mode {mode:o})",
                folder.display()
            ),
            format!("chmod 700 {}", folder.display()),
        )
    })
}

/// Whether the key is there, readable by its owner alone, and of the data's owner.
pub(super) fn master_key(config: &Config) -> Fact {
    let about = "master key";
    if config.keys.master.is_some() {
        return Fact::good(about, "from the configuration or the environment");
    }
    let file = master_key_file(config);
    let data = config.database.folder.join(kernel_db::backup::DATABASE);
    let Ok(metadata) = std::fs::metadata(&file) else {
        if config.database.url.is_none() && !data.exists() {
            let found = format!("{} will be made at the first start", file.display());
            return Fact::good(about, found);
        }
        return Fact::error(
            about,
            format!("{} is not there", file.display()),
            "put the copy that you keep elsewhere in its place: without it nothing sealed in the \
             database opens",
        );
    };
    let mode = metadata.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Fact::error(
            about,
            format!("{} may be read by others (mode {mode:o})", file.display()),
            format!("chmod 600 {}", file.display()),
        );
    }
    match std::fs::metadata(&data) {
        Ok(data) if data.uid() != metadata.uid() => Fact::error(
            about,
            format!("{} belongs to another user than the data", file.display()),
            format!(
                "chown it to the user who runs the program: {}",
                file.display()
            ),
        ),
        _ => Fact::good(
            about,
            format!(
                "{}, for its owner only; keep a copy elsewhere",
                file.display()
            ),
        ),
    }
}

/// Room on the disk, and how long it takes to be sure of a write.
pub(super) fn disk(config: &Config) -> Vec<Fact> {
    let folder = &config.database.folder;
    if !folder.is_dir() {
        return Vec::new();
    }
    let mut facts = vec![room(folder)];
    if config.database.url.is_none() {
        facts.push(sync_time(folder));
    }
    facts
}

fn room(folder: &Path) -> Fact {
    let about = "disk space";
    let free = match rustix::fs::statvfs(folder) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(cause) => {
            return Fact::warning(about, cause, "look at the disk of database.folder");
        }
    };
    let found = format!("{} MB free at {}", free / 1_000_000, folder.display());
    let mend = "make room: a full disk refuses writes (what was answered stays), and a backup \
                needs as much as the data take";
    match free {
        0..DANGEROUS => Fact::error(about, found, mend),
        DANGEROUS..SCARCE => Fact::warning(about, found, mend),
        _ => Fact::good(about, found),
    }
}

fn sync_time(folder: &Path) -> Fact {
    let about = "disk sync";
    match measured(folder) {
        Ok(median) => {
            let found = format!("{:.1} ms for a write to be safe (median)", millis(median));
            if median <= SLOW {
                Fact::good(about, found)
            } else {
                Fact::warning(
                    about,
                    found,
                    "put database.folder on a faster local disk: writes wait for it",
                )
            }
        }
        Err(cause) => Fact::error(
            about,
            format!("{}: {cause}", folder.display()),
            "run the check as the user who runs the program, who must be able to write there",
        ),
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The median time of a small write and its sync, in a file that has no name.
#[expect(
    clippy::disallowed_methods,
    reason = "a stopwatch on the disk; no stored time comes from it"
)]
fn measured(folder: &Path) -> std::io::Result<Duration> {
    let path = folder.join(".check.partial");
    let mut file = std::fs::File::create(&path)?;
    std::fs::remove_file(&path)?;
    let mut times = Vec::with_capacity(SYNCS);
    for _ in 0..SYNCS {
        let started = Instant::now();
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        times.push(started.elapsed());
    }
    times.sort_unstable();
    Ok(times.get(SYNCS / 2).copied().unwrap_or_default())
}

/// Whether the process may open as many files as it takes connections. The program raises its
/// own limit up to the hard one at its start.
pub(super) fn open_files() -> Fact {
    let about = "open files";
    let needed = u64::try_from(kernel_http::Limits::default().connections)
        .unwrap_or(u64::MAX)
        .saturating_add(OTHER_FILES);
    match getrlimit(Resource::Nofile).maximum {
        Some(limit) if limit < needed => Fact::warning(
            about,
            format!("{limit} at most, {needed} for all the connections that it takes"),
            "LimitNOFILE=65536 in the unit (open pages hold a connection each), or `ulimit -Hn`",
        ),
        Some(limit) => Fact::good(about, format!("{limit} at most")),
        None => Fact::good(about, "without limit"),
    }
}
