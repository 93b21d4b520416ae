//! The master keys: that none is missing, and when one of before may go.

use kernel::Timestamp;

use super::Fact;
use crate::commands::keys::report;
use crate::config::Config;
use crate::keyring::{MasterLine, Role};

/// What is known of each key but one that seals alone.
pub(super) async fn facts(config: &Config, now: Timestamp) -> Vec<Fact> {
    let data = config.database.folder.join(kernel_db::backup::DATABASE);
    if config.database.url.is_none() && !data.exists() {
        return Vec::new();
    }
    // What keeps the database from answering is said of the database.
    let Ok(report) = report(config).await else {
        return Vec::new();
    };
    let boundaries = report.boundaries;
    let of = |line: &MasterLine| fact(line, boundaries, now);
    report.masters.iter().filter_map(of).collect()
}

fn fact(line: &MasterLine, boundaries: u64, now: Timestamp) -> Option<Fact> {
    let about = format!("master key {}", line.mark);
    let found = line.found(boundaries);
    match line.role {
        Role::Current => None,
        Role::Missing => Some(Fact::error(
            about,
            found,
            "give it by keys.accepted_files: no server starts without it",
        )),
        Role::Accepted => match line.removable_from(boundaries) {
            Some(at) if at <= now.millis() => Some(Fact::warning(
                about,
                found,
                "take it out of keys.accepted_files, and keep it with the backups of its time",
            )),
            Some(_) => Some(Fact::good(about, found)),
            None if line.seals_from.is_none() && line.rows() == 0 => Some(Fact::good(about, found)),
            None => Some(Fact::warning(
                about,
                found,
                "when every node seals under the new one: besace admin keys reseal",
            )),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::check::fact::Level;

    fn line(role: Role, rows: u64, resealed_at: Option<i64>) -> MasterLine {
        MasterLine {
            mark: "AAAAA".to_owned(),
            role,
            seals_from: Some(0),
            replaced_at: Some(1_000),
            resealed_at,
            places: vec![("identity_key".to_owned(), rows)],
        }
    }

    #[test]
    fn a_key_of_before_is_a_warning_until_it_is_empty_and_again_when_it_may_go() {
        let hours = |hours: i64| Timestamp::from_millis(1_000 + hours * 3_600_000);
        for (role, rows, resealed_at, at, level) in [
            (Role::Accepted, 2, None, hours(1), Level::Warning),
            (Role::Accepted, 0, Some(2_000), hours(1), Level::Ok),
            (Role::Accepted, 0, Some(2_000), hours(12), Level::Warning),
            (Role::Accepted, 1, Some(2_000), hours(12), Level::Warning),
            (Role::Missing, 2, None, hours(1), Level::Error),
        ] {
            let fact = fact(&line(role, rows, resealed_at), 0, at).expect("a fact");
            assert_eq!(fact.level, level, "{fact:?}");
        }
        assert_eq!(fact(&line(Role::Current, 9, None), 0, hours(1)), None);
    }
}
