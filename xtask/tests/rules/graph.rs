//! What cargo says of the workspace and of all it depends on.
//!
//! Arrows are read from `cargo metadata`; what is compiled from `cargo tree`, since metadata also
//! lists packages that only a feature nobody asks for would bring.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// Everything `cargo metadata` says that a rule reads.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
    workspace_members: Vec<String>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

/// From one package of the workspace to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// For its tests only.
    pub(crate) dev: bool,
}

/// A package as it is compiled.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Compiled {
    pub(crate) name: String,
    pub(crate) version: String,
    /// An SPDX expression; empty when the package names none.
    pub(crate) licence: String,
}

/// The platform Besace is distributed on.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// All that is compiled for these kinds of dependency (`normal`, `build`, `dev`) of one package,
/// or of the whole workspace.
pub(crate) fn compiled(package: Option<&str>, kinds: &str) -> BTreeSet<Compiled> {
    let of = package.map_or(vec!["--workspace"], |name| vec!["--package", name]);
    let how = ["--edges", kinds, "--target", PLATFORM, "--prefix", "none"];
    let listed = cargo(&[&["tree"], &of[..], &how[..], &["--format", "{p}\t{l}"]].concat());
    let mut packages = BTreeSet::new();
    for line in listed.lines().filter(|line| !line.is_empty()) {
        let (package, licence) = line.split_once('\t').unwrap();
        let mut words = package.split(' ');
        packages.insert(Compiled {
            name: words.next().unwrap().to_owned(),
            version: words.next().unwrap().to_owned(),
            licence: licence.trim_end_matches("(*)").trim().to_owned(),
        });
    }
    packages
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(program)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The root of the checkout.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

impl Metadata {
    /// Asks cargo, for the platform Besace is distributed on.
    pub(crate) fn read() -> Self {
        let platform = ["--all-features", "--filter-platform", PLATFORM];
        let output = cargo(&[&["metadata", "--format-version", "1"], &platform[..]].concat());
        serde_json::from_slice(output.as_bytes()).unwrap()
    }

    /// Folder of each package of the workspace, relative to the root, by name.
    pub(crate) fn folders(&self) -> BTreeMap<String, String> {
        self.packages
            .iter()
            .filter(|package| self.ours(package))
            .map(|package| {
                let folder = package.manifest_path.parent().unwrap();
                let folder = folder.strip_prefix(root()).unwrap().to_str().unwrap();
                (package.name.clone(), folder.to_owned())
            })
            .collect()
    }

    /// Every arrow between two packages of the workspace.
    pub(crate) fn arrows(&self) -> Vec<Arrow> {
        let names = self.names();
        let mut arrows = Vec::new();
        for node in &self.resolve.nodes {
            for dependency in &node.deps {
                let both = [&node.id, &dependency.pkg];
                if !both.iter().all(|id| self.workspace_members.contains(id)) {
                    continue;
                }
                let dev = dependency
                    .dep_kinds
                    .iter()
                    .all(|kind| kind.kind.as_deref() == Some("dev"));
                arrows.push(Arrow {
                    from: names[node.id.as_str()].to_owned(),
                    to: names[dependency.pkg.as_str()].to_owned(),
                    dev,
                });
            }
        }
        arrows
    }

    fn names(&self) -> BTreeMap<&str, &str> {
        self.packages
            .iter()
            .map(|p| (p.id.as_str(), p.name.as_str()))
            .collect()
    }

    fn ours(&self, package: &Package) -> bool {
        self.workspace_members.contains(&package.id)
    }
}
