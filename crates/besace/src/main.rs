//! Besace: the digital backpack of the public agent. Composition and command line.

mod cli;
mod commands;
mod compose;
mod config;
mod demo;
mod keyring;
mod logging;
mod office;
mod supervisor;
mod web;

use clap::Parser as _;

use crate::cli::{Cli, Command};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let cli = Cli::parse();
    // The demonstration speaks to a newcomer: its lines are not lost among the log's.
    let usual = if matches!(cli.command, Command::Demo(_)) {
        "warn"
    } else {
        "info"
    };
    logging::start(cli.log_format, usual);
    // Two providers are compiled in with some trees; a builder without a default would fall.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    if matches!(cli.command, Command::Serve { .. } | Command::Demo(_)) {
        supervisor::raise_open_files();
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => {
            tracing::error!(%cause, "the program cannot start its threads");
            return std::process::ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        match cli.command {
            Command::Demo(args) => commands::finish(Box::pin(demo::run(args)).await),
            Command::Serve { config } => commands::finish(commands::serve(&config).await),
            Command::Migrate { config } => commands::finish(commands::migrate(&config).await),
            Command::Backup(args) => commands::backup::run(args).await,
            Command::Restore(args) => commands::backup::restore(args).await,
            Command::Check { config, json } => commands::check::run(&config, json).await,
            Command::Admin { command } => commands::admin::run(command).await,
            Command::Openapi => commands::openapi(),
        }
    })
}
