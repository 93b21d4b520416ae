//! `besace check`: each fact with why it matters and how to mend it. Changes nothing.

mod backups;
mod bus;
mod clock;
mod database;
mod fact;
mod files;
mod keys;
mod mail;
mod providers;
mod transport;

use std::path::Path;
use std::process::ExitCode;

use kernel::{Clock as _, SystemClock, Timestamp};

use super::{configuration, say};
use crate::config::Config;
use fact::{Fact, Level};

pub(crate) use providers::discovery;

/// Looks at everything that can be looked at without changing anything. The exit code is that of
/// the worst: 0 all is well, 1 a warning, 2 an error.
pub(crate) async fn run(path: &Path, json: bool) -> ExitCode {
    let facts = match configuration(path) {
        Ok(config) => {
            let mut facts = vec![Fact::good("configuration", path.display())];
            facts.extend(of(&config, SystemClock::default().now()).await);
            facts
        }
        Err(cause) => vec![Fact::error(
            "configuration",
            cause,
            "mend the key named above, then check again",
        )],
    };
    if json {
        say(serde_json::to_string_pretty(&facts).unwrap_or_default());
    } else {
        for fact in &facts {
            say(format!(
                "{}{}: {}",
                fact.level.mark(),
                fact.about,
                fact.found
            ));
            if let Some(mend) = &fact.mend {
                say(format!("        to mend: {mend}"));
            }
        }
    }
    let worst = facts.iter().map(|fact| fact.level).max();
    ExitCode::from(worst.map_or(0, Level::code))
}

async fn of(config: &Config, now: Timestamp) -> Vec<Fact> {
    let mut facts = vec![
        values(config),
        clock::release(now),
        transport::address(config),
    ];
    facts.extend(transport::certificate(config, now));
    facts.extend(files::folder(config));
    facts.push(files::master_key(config));
    facts.extend(files::disk(config));
    facts.push(files::open_files());
    facts.extend(database::facts(config, now).await);
    facts.extend(keys::facts(config, now).await);
    facts.extend(backups::facts(config, now));
    facts.extend(providers::facts(config, now).await);
    facts.push(mail::fact(config).await);
    facts.push(bus::fact(config).await);
    facts.push(web());
    facts
}

/// Everything that a start would read of the configuration, read.
fn values(config: &Config) -> Fact {
    match crate::compose::rehearse(config) {
        Ok(()) => Fact::good("values", "every value of the configuration can be used"),
        Err(cause) => Fact::error(
            "values",
            cause,
            "mend the key or the file named, then check again",
        ),
    }
}

fn web() -> Fact {
    if crate::web::EmbeddedWeb::is_built() {
        Fact::good("web app", "carried in the binary")
    } else {
        Fact::error("web app", "absent", "build with `cargo xtask dist`")
    }
}

/// How long ago, or until when, for people: the largest unit that says it.
fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} minutes", seconds / 60),
        7_200..=172_799 => format!("{} hours", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    const NOW: Timestamp = Timestamp::from_seconds(1_795_600_000);

    /// The facts of a configuration whose data are in a folder of the test.
    async fn facts(text: &str, folder: &Path) -> Vec<Fact> {
        let text = text.replace("{F}", &folder.display().to_string());
        let config: Config = toml::from_str(&text).expect("a configuration");
        of(&config, NOW).await
    }

    fn of_name<'a>(facts: &'a [Fact], about: &str) -> &'a Fact {
        let found = facts.iter().find(|fact| fact.about == about);
        found.unwrap_or_else(|| panic!("no fact about {about}: {facts:#?}"))
    }

    #[tokio::test]
    async fn an_installation_that_was_never_started_has_nothing_wrong() {
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let facts = facts("[database]\nfolder = \"{F}/data\"", scratch.path()).await;
        let wrong: Vec<_> = facts
            .iter()
            .filter(|fact| fact.level == Level::Error && fact.about != "web app")
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(!scratch.path().join("data").exists(), "nothing was made");
    }

    #[tokio::test]
    async fn a_value_that_a_start_would_refuse_is_found_before_it() {
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let text = "[database]\nfolder = \"{F}/data\"\n[site]\naccent = \"puce\"";
        let facts = facts(text, scratch.path()).await;
        let fact = of_name(&facts, "values");
        assert_eq!(fact.level, Level::Error);
        assert!(fact.found.contains("site.accent"), "{fact:?}");
    }

    #[tokio::test]
    async fn a_key_that_others_may_read_and_a_folder_open_to_all_are_errors() {
        use std::os::unix::fs::PermissionsExt as _;
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let data = scratch.path().join("data");
        std::fs::create_dir(&data).expect("made");
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&data, open).expect("opened");
        let key = data.join("master.key");
        std::fs::write(&key, "00".repeat(32)).expect("written");
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).expect("opened");
        let seen = facts("[database]\nfolder = \"{F}/data\"", scratch.path()).await;
        let fact = of_name(&seen, "master key");
        assert_eq!(fact.level, Level::Error);
        assert!(
            fact.mend
                .as_deref()
                .is_some_and(|mend| mend.contains("chmod 600")),
            "{fact:?}"
        );
        assert_eq!(of_name(&seen, "data folder").level, Level::Error);
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).expect("closed");
        std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o700)).expect("closed");
        let seen = facts("[database]\nfolder = \"{F}/data\"", scratch.path()).await;
        assert_eq!(of_name(&seen, "master key").level, Level::Ok);
        assert_eq!(of_name(&seen, "data folder").level, Level::Ok);
    }

    #[tokio::test]
    async fn a_running_server_s_database_is_looked_at_and_its_backups_are_asked_for() {
        testkit::install_tls_provider();
        let test = kernel_db::testing::TestDb::sqlite(crate::compose::MIGRATIONS).await;
        let text = "[database]\nfolder = \"{F}/data\"";
        let seen = facts(text, test.scratch()).await;
        let fact = of_name(&seen, "SQLite");
        assert_eq!(fact.level, Level::Ok, "{fact:?}");
        assert!(fact.found.contains("held by a running server"), "{fact:?}");
        assert_eq!(of_name(&seen, "schema").level, Level::Ok);
        assert_eq!(of_name(&seen, "backup").level, Level::Warning);
        test.db.clone().close().await;
        let seen = facts(text, test.scratch()).await;
        assert!(of_name(&seen, "SQLite").found.contains("synchronous=FULL"));
    }

    #[tokio::test]
    async fn what_cannot_be_reached_is_named_with_how_to_mend_it() {
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let text = r#"
            [database]
            folder = "{F}/data"
            [outgoing]
            allow = ["127.0.0.1"]
            [mail]
            host = "127.0.0.1"
            port = 1
            security = "none"
            from = "Besace <a@b.example>"
            [[identity.organisations]]
            siret = "11001401600015"
            label = "Ministère"
            [[identity.providers]]
            id = "interieur"
            title = "Intérieur"
            issuer = "http://127.0.0.1:1/"
            client_id = "besace"
            client_secret = "0123456789abcdef0123456789abcdef"
            domains = ["interieur.example"]
            organisation = "11001401600015"
        "#;
        let facts = facts(text, scratch.path()).await;
        for about in ["provider interieur", "mail"] {
            let fact = of_name(&facts, about);
            assert_eq!(fact.level, Level::Error, "{fact:?}");
            assert!(fact.mend.is_some(), "{fact:?}");
        }
    }

    #[tokio::test]
    async fn a_bus_that_cannot_be_reached_is_a_warning_and_one_that_cannot_be_an_error() {
        testkit::install_tls_provider();
        let scratch = tempfile::tempdir().expect("a folder");
        let bus = |server: &str| {
            format!("[database]\nfolder = \"{{F}}/data\"\n[bus]\nservers = [\"{server}\"]")
        };
        for (server, level) in [
            ("nats://127.0.0.1:1", Level::Warning),
            ("http://127.0.0.1:1", Level::Error),
        ] {
            let facts = facts(&bus(server), scratch.path()).await;
            let fact = of_name(&facts, "bus");
            assert_eq!(fact.level, level, "{fact:?}");
            assert!(fact.mend.is_some(), "{fact:?}");
        }
    }
}
