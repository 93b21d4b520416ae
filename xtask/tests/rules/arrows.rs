//! Arrows point one way: `besace` → `tools/*` → `media/*` → `proto/*`; tools and media →
//! `kernel*`. No tool knows a tool.

use std::collections::BTreeMap;

use crate::graph::{Arrow, Metadata, compiled};

/// What a crate is, from the folder it lives in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Room {
    Binary,
    Tool,
    Media,
    Proto,
    /// `kernel` itself: no input, no output.
    Kernel,
    /// `kernel-db`, `kernel-http`, …
    KernelShell,
    Testkit,
    /// Features only, no code.
    WorkspaceHack,
    Benches,
    Tasks,
}

fn room(folder: &str) -> Option<Room> {
    let room = match folder {
        "crates/besace" => Room::Binary,
        "crates/kernel" => Room::Kernel,
        "crates/testkit" => Room::Testkit,
        "crates/workspace-hack" => Room::WorkspaceHack,
        "benches" | "fuzz" => Room::Benches,
        "xtask" => Room::Tasks,
        _ if folder.starts_with("crates/kernel-") => Room::KernelShell,
        _ if folder.starts_with("crates/tools/") => Room::Tool,
        _ if folder.starts_with("crates/media/") => Room::Media,
        _ if folder.starts_with("crates/proto/") => Room::Proto,
        _ => return None,
    };
    Some(room)
}

/// Whether a crate of the first room may know one of the second.
fn allowed(from: Room, to: Room, dev: bool) -> bool {
    if dev && to == Room::Testkit {
        return !matches!(from, Room::Kernel | Room::Proto);
    }
    match from {
        Room::Binary => !matches!(
            to,
            Room::Binary | Room::Testkit | Room::Benches | Room::Tasks
        ),
        Room::Tool => matches!(
            to,
            Room::Media | Room::Proto | Room::Kernel | Room::KernelShell | Room::WorkspaceHack
        ),
        Room::Media => {
            matches!(
                to,
                Room::Proto | Room::Kernel | Room::KernelShell | Room::WorkspaceHack
            )
        }
        Room::KernelShell | Room::Testkit => {
            matches!(to, Room::Kernel | Room::KernelShell | Room::WorkspaceHack)
        }
        Room::Benches => to != Room::Tasks,
        Room::Kernel | Room::Proto | Room::WorkspaceHack | Room::Tasks => false,
    }
}

/// Every forbidden arrow, by name.
fn forbidden(folders: &BTreeMap<String, String>, arrows: &[Arrow]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, folder) in folders {
        if room(folder).is_none() {
            found.push(format!(
                "{name} lives in {folder}, which is no room of the house"
            ));
        }
    }
    for Arrow { from, to, dev } in arrows {
        let rooms = (folders.get(from), folders.get(to));
        let (Some(there), Some(here)) = rooms else {
            continue;
        };
        let (Some(there), Some(here)) = (room(there), room(here)) else {
            continue;
        };
        if !allowed(there, here, *dev) {
            let tests = if *dev { " in its tests" } else { "" };
            found.push(format!(
                "{from} ({there:?}) must not know {to} ({here:?}){tests}"
            ));
        }
    }
    found
}

#[test]
fn no_arrow_of_the_workspace_is_forbidden() {
    let metadata = Metadata::read();
    let found = forbidden(&metadata.folders(), &metadata.arrows());
    assert!(found.is_empty(), "forbidden arrows:\n{}", found.join("\n"));
}

#[test]
fn pure_crates_have_no_runtime_server_or_database_in_their_tree() {
    let metadata = Metadata::read();
    let mut found = Vec::new();
    for (name, folder) in metadata.folders() {
        if !matches!(room(&folder), Some(Room::Kernel | Room::Proto)) {
            continue;
        }
        let tree = compiled(Some(&name), "normal");
        for banned in [
            "tokio",
            "axum",
            "hyper",
            "reqwest",
            "rusqlite",
            "tokio-postgres",
            "sqlx",
        ] {
            if tree.iter().any(|package| package.name == banned) {
                found.push(format!("{name} is made of {banned}"));
            }
        }
    }
    assert!(
        found.is_empty(),
        "pure crates that are not:\n{}",
        found.join("\n")
    );
}

fn workspace() -> BTreeMap<String, String> {
    [
        ("besace", "crates/besace"),
        ("chat", "crates/tools/chat"),
        ("spaces", "crates/tools/spaces"),
        ("sfu", "crates/media/sfu"),
        ("jose", "crates/proto/jose"),
        ("kernel", "crates/kernel"),
        ("kernel-bus", "crates/kernel-bus"),
        ("kernel-db", "crates/kernel-db"),
        ("kernel-http", "crates/kernel-http"),
        ("testkit", "crates/testkit"),
        ("xtask", "xtask"),
    ]
    .map(|(name, folder)| (name.to_owned(), folder.to_owned()))
    .into()
}

fn judge(from: &str, to: &str, dev: bool) -> Vec<String> {
    forbidden(
        &workspace(),
        &[Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            dev,
        }],
    )
}

#[test]
fn arrows_along_the_house_are_allowed() {
    for (from, to) in [
        ("besace", "chat"),
        ("besace", "sfu"),
        ("chat", "sfu"),
        ("chat", "jose"),
        ("chat", "kernel"),
        ("sfu", "jose"),
        ("sfu", "kernel"),
        ("kernel-db", "kernel"),
        ("kernel-http", "kernel-bus"),
        ("chat", "kernel-bus"),
        ("testkit", "kernel-db"),
    ] {
        assert_eq!(judge(from, to, false), Vec::<String>::new());
    }
    assert_eq!(judge("chat", "testkit", true), Vec::<String>::new());
}

#[test]
fn arrows_against_the_house_are_named() {
    for (from, to) in [
        ("chat", "spaces"),
        ("chat", "besace"),
        ("sfu", "chat"),
        ("jose", "kernel"),
        ("kernel", "jose"),
        ("kernel", "kernel-db"),
        ("kernel-db", "chat"),
        ("kernel-db", "jose"),
        ("kernel-bus", "chat"),
        ("kernel", "kernel-bus"),
        ("testkit", "chat"),
        ("besace", "testkit"),
        ("chat", "testkit"),
        ("xtask", "kernel"),
    ] {
        let found = judge(from, to, false);
        assert_eq!(found.len(), 1, "{from} → {to}");
        assert!(found[0].starts_with(from) && found[0].contains(&format!("know {to}")));
    }
    assert_eq!(
        judge("chat", "spaces", true).len(),
        1,
        "tests of a tool know no other tool"
    );
    assert_eq!(
        judge("kernel", "testkit", true).len(),
        1,
        "the kernel is tested alone"
    );
}

#[test]
fn a_crate_outside_the_rooms_is_named() {
    let folders = [("helpers".to_owned(), "crates/helpers".to_owned())].into();
    assert_eq!(forbidden(&folders, &[]).len(), 1);
}
