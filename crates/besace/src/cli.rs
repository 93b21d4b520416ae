//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The digital backpack of the public agent.
#[derive(Debug, Parser)]
#[command(name = "besace", version, about)]
pub(crate) struct Cli {
    /// How log lines are written.
    #[arg(long, value_enum, default_value_t = LogFormat::Text, global = true, env = "BESACE_LOG_FORMAT")]
    pub(crate) log_format: LogFormat,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Start a throw-away State on this machine, to look around.
    Demo(DemoArgs),
    /// Serve until stopped.
    Serve {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
    /// Bring the database's tables up to this version, and stop.
    Migrate {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
    /// Back the database up, beside a running server or without one.
    Backup(BackupArgs),
    /// Bring a backup back into an empty place, or try whether one would do.
    Restore(RestoreArgs),
    /// Say what is wrong with an installation, and how to mend it.
    Check {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Look after an installation.
    Admin {
        #[command(subcommand)]
        command: AdminCommand,
    },
    /// Print the description of the JSON API (`OpenAPI` 3.1).
    Openapi,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct DemoArgs {
    /// The first port; the ministries' providers take the following ones.
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Where the demonstration keeps its data; a folder of its own, thrown away at the next
    /// start, when absent.
    #[arg(long)]
    pub(crate) data: Option<PathBuf>,
    /// Seconds that its clock is ahead of the machine's.
    #[arg(long, default_value_t = 0, allow_hyphen_values = true)]
    pub(crate) clock_offset: i64,
    /// The least level at which a role may be used (`identity.administration_level`): shows what
    /// an administrator with a password alone is asked for.
    #[arg(long)]
    pub(crate) administration_level: Option<String>,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct BackupArgs {
    /// Where it goes: a folder that does not exist yet, or is empty.
    pub(crate) folder: PathBuf,
    /// The configuration.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
    /// Put the master key in: whoever has the backup can then open everything in it.
    #[arg(long)]
    pub(crate) with_master_key: bool,
    /// Then restore it into a throw-away place and verify it.
    #[arg(long)]
    pub(crate) drill: bool,
    /// On PostgreSQL: run its programs instead of printing their commands.
    #[arg(long)]
    pub(crate) run: bool,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    pub(crate) folder: PathBuf,
    /// The configuration of the place where the data are to be.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
    /// Restore into a throw-away place only, verify, and say what was seen.
    #[arg(long)]
    pub(crate) check: bool,
    /// On PostgreSQL: run its programs instead of printing their commands.
    #[arg(long)]
    pub(crate) run: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// The journal.
    Journal {
        #[command(subcommand)]
        command: JournalCommand,
    },
    /// The ministries' providers.
    Provider {
        #[command(subcommand)]
        command: ProviderCommand,
    },
    /// The keys that sign tokens, and the master key.
    Keys {
        #[command(subcommand)]
        command: KeysCommand,
    },
    /// Agents' accounts.
    Agent {
        #[command(subcommand)]
        command: AgentCommand,
    },
    /// Password accounts of a provider that this program runs ([identity.local]).
    Local {
        #[command(subcommand)]
        command: LocalCommand,
    },
    /// Domains of agents' addresses.
    Domain {
        #[command(subcommand)]
        command: DomainCommand,
    },
    /// Work of the background that failed for good: lists it, or puts it back.
    DeadLetters(DeadLetterArgs),
    /// Hand a mail to the mail server now, and say what it answers at each step.
    MailTest {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
        /// To whom; nothing is sent when absent.
        #[arg(long)]
        to: Option<String>,
    },
}

#[derive(Debug, Clone, Args)]
pub(crate) struct DeadLetterArgs {
    /// The configuration.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
    /// As JSON, with what each was to do: it may name people.
    #[arg(long, conflicts_with_all = ["retry", "retry_kind"])]
    pub(crate) json: bool,
    /// Put this one back, by its number; several times for several.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) retry: Vec<i64>,
    /// Put all of a kind back (`mail.send`).
    #[arg(long, value_name = "KIND")]
    pub(crate) retry_kind: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AgentCommand {
    /// Refuse an account everywhere, for now: sessions end, tokens are refused.
    Suspend(AgentArgs),
    /// Open a suspended or closed account again.
    Resume(AgentArgs),
    /// Close the account of somebody who left: what a suspension ends, and the roles.
    Depart(AgentArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AgentArgs {
    /// The agent's professional address.
    pub(crate) address: String,
    /// Why; kept in the journal apart from its chain, erased with the account.
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// The configuration.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LocalCommand {
    /// Make an account and mail a link by which its holder chooses the password, within 7 days.
    Invite(InviteArgs),
    /// Remove the second factors of somebody who has lost them: the next sign-in asks for the
    /// password and for a new factor, and opens nothing before.
    ResetFactor {
        /// By which they sign in.
        address: String,
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct InviteArgs {
    /// By which they will sign in.
    pub(crate) address: String,
    /// First names.
    #[arg(long)]
    pub(crate) given_name: String,
    /// The name in use.
    #[arg(long)]
    pub(crate) usual_name: String,
    /// SIRET of their establishment; the realm's when absent.
    #[arg(long)]
    pub(crate) siret: Option<String>,
    /// Their service.
    #[arg(long)]
    pub(crate) organizational_unit: Option<String>,
    /// What they are there: agent, prestataire, partenaire or stagiaire.
    #[arg(long)]
    pub(crate) population: Option<String>,
    /// The configuration.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DomainCommand {
    /// Have the addresses of an administration follow its domain, whose name changes. Without
    /// --apply nothing is written: it says what would be.
    Rename {
        /// The domain until now (`ancien.gouv.fr`).
        old: String,
        /// The domain from now on.
        new: String,
        /// The administration's SIRET; those below it are reached too.
        #[arg(long)]
        organisation: String,
        /// Write it.
        #[arg(long)]
        apply: bool,
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalCommand {
    /// Recompute every chain and compare with the signed checkpoint.
    Verify {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
    /// Say whether an exported file is as it was written, without asking the instance.
    CheckExport {
        /// The file.
        file: PathBuf,
        /// The keys that the instance publishes (`/api/v2/jwks`), kept as a file.
        #[arg(long)]
        jwks: PathBuf,
    },
}

/// Where the configuration is.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArg {
    /// The configuration.
    #[arg(long, default_value = "besace.toml")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// List the signing keys and where each is in its life, and the master keys and what stands
    /// under each.
    List(ConfigArg),
    /// Publish new signing keys now; they sign a quarter of an hour later.
    Rotate(ConfigArg),
    /// Take a signing key away at once, because somebody else may hold it. Without --yes it says
    /// what that costs.
    Withdraw {
        /// Its `kid`.
        #[arg(allow_hyphen_values = true)]
        kid: String,
        /// Do it.
        #[arg(long)]
        yes: bool,
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
    /// Make the next master key beside the present one, and say what to do with it. Changes
    /// nothing else.
    RotateMaster(ConfigArg),
    /// Seal under the present master key what stands under those of before.
    Reseal(ConfigArg),
    /// Give up what stands under a master key that is lost for good. Without --yes it says what
    /// that is.
    Abandon {
        /// The key's mark, as `list` shows it.
        #[arg(allow_hyphen_values = true)]
        mark: String,
        /// Do it.
        #[arg(long)]
        yes: bool,
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProviderCommand {
    /// List the configured providers and whether each answers.
    List {
        /// The configuration.
        #[arg(long, default_value = "besace.toml")]
        config: PathBuf,
    },
}
