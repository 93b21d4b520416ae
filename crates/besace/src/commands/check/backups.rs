//! When the last backup was made, and when one was last tried.

use kernel::Timestamp;

use super::{Fact, span};
use crate::commands::backup::Notes;
use crate::config::Config;

/// Seconds after which a backup is old, and after which a trial is.
const OLD: i64 = 2 * 86_400;
const UNTRIED: i64 = 35 * 86_400;

/// What the data folder notes of backups made by `besace backup`. A PostgreSQL server is often
/// backed up by other means, which nothing here knows.
pub(super) fn facts(config: &Config, now: Timestamp) -> Vec<Fact> {
    let folder = &config.database.folder;
    let has_data = folder.join(kernel_db::backup::DATABASE).exists();
    if config.database.url.is_some() || !has_data {
        return Vec::new();
    }
    judged(&Notes::read(folder), now)
}

fn judged(notes: &Notes, now: Timestamp) -> Vec<Fact> {
    let ago = |at: i64| now.seconds().saturating_sub(at / 1_000);
    let backup = match notes.made_at.map(ago) {
        None => Fact::warning(
            "backup",
            "none was ever made by `besace backup`",
            "besace backup FOLDER --drill, every night (docs/operator/backup.md)",
        ),
        Some(age) if age > OLD => Fact::warning(
            "backup",
            format!("the last one is {} old", span(age)),
            "look why the nightly one stopped; then besace backup FOLDER --drill",
        ),
        Some(age) => Fact::good("backup", format!("the last one is {} old", span(age))),
    };
    let drill = match notes.tried_at.map(ago) {
        None => Fact::warning(
            "restore",
            "no backup was ever restored for a trial: whether one would do is not known",
            "besace restore --check FOLDER",
        ),
        Some(age) if age > UNTRIED => Fact::warning(
            "restore",
            format!("the last trial was {} ago", span(age)),
            "besace restore --check FOLDER",
        ),
        Some(age) => Fact::good("restore", format!("tried {} ago", span(age))),
    };
    vec![backup, drill]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::check::Level;

    #[test]
    fn a_backup_that_is_old_or_was_never_tried_is_a_warning() {
        let now = Timestamp::from_seconds(1_795_600_000);
        let ago = |days: i64| Some((now.seconds() - days * 86_400) * 1_000);
        let levels = |made: Option<i64>, tried: Option<i64>| {
            let notes = Notes {
                made_at: made,
                tried_at: tried,
                ..Notes::default()
            };
            let facts = judged(&notes, now);
            (facts[0].level, facts[1].level)
        };
        assert_eq!(levels(None, None), (Level::Warning, Level::Warning));
        assert_eq!(levels(ago(1), ago(30)), (Level::Ok, Level::Ok));
        assert_eq!(levels(ago(3), ago(40)), (Level::Warning, Level::Warning));
    }
}
