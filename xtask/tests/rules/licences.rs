//! What may be let in: licences by an allow-list, and crates that never come back.

use crate::graph::compiled;

/// Licences that need nothing but their notice.
const ALLOWED: [&str; 15] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates under the MPL-2.0, unmodified: named one by one.
const MPL: [&str; 0] = [];

/// Crates that must not come in, and why.
const BANNED: [(&str, &str); 17] = [
    ("openssl", "TLS is rustls with aws-lc-rs"),
    ("openssl-sys", "TLS is rustls with aws-lc-rs"),
    ("native-tls", "TLS is rustls with aws-lc-rs"),
    (
        "ring",
        "one provider of cryptography: two make rustls panic when it must choose",
    ),
    ("rustls-pemfile", "unmaintained: rustls-pki-types reads PEM"),
    ("serde_yaml", "unmaintained"),
    ("instant", "unmaintained"),
    ("atty", "unmaintained: std::io::IsTerminal"),
    ("paste", "unmaintained"),
    ("derivative", "unmaintained"),
    ("fxhash", "unmaintained"),
    ("bincode", "unmaintained"),
    ("proc-macro-error", "unmaintained"),
    ("async-std", "unmaintained: the runtime is tokio"),
    ("failure", "unmaintained: errors are thiserror enums"),
    ("chrono", "dates are jiff's"),
    ("dotenv", "unmaintained"),
];

/// Whether an SPDX expression leaves a choice that is allowed.
fn permits(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let verdict = any_of(&mut words, allowed);
    verdict && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn any_of(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut verdict = all_of(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        verdict |= all_of(words, allowed);
    }
    verdict
}

fn all_of(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut verdict = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        verdict &= one(words, allowed);
    }
    verdict
}

fn one(words: &mut Words<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let Some(word) = words.next() else {
        return false;
    };
    if word == "(" {
        let verdict = any_of(words, allowed);
        return verdict && words.next() == Some(")");
    }
    if words.next_if_eq(&"WITH").is_some() {
        let exception = words.next().unwrap_or_default();
        return allowed(&format!("{word} WITH {exception}"));
    }
    allowed(word)
}

#[test]
fn every_licence_is_allowed() {
    let mut found = Vec::new();
    for package in compiled(None, "normal,build,dev") {
        let allowed = |name: &str| {
            ALLOWED.contains(&name) || (name == "MPL-2.0" && MPL.contains(&package.name.as_str()))
        };
        if !permits(&package.licence, &allowed) {
            found.push(format!(
                "{} {}: {}",
                package.name, package.version, package.licence
            ));
        }
    }
    assert!(
        found.is_empty(),
        "licences not allowed:\n{}",
        found.join("\n")
    );
}

#[test]
fn no_banned_crate_is_in_the_tree() {
    let mut found = Vec::new();
    for package in compiled(None, "normal,build,dev") {
        for (name, reason) in BANNED {
            if package.name == name {
                found.push(format!("{} {}: {reason}", package.name, package.version));
            }
        }
    }
    assert!(found.is_empty(), "banned crates:\n{}", found.join("\n"));
}

#[test]
fn a_licence_expression_is_read_as_a_choice_and_as_a_sum() {
    let allowed = |name: &str| ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].contains(&name);
    for good in [
        "MIT",
        "GPL-3.0 OR MIT",
        "GPL-3.0/MIT",
        "MIT AND ISC",
        "ISC AND (GPL-3.0 OR MIT)",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(permits(good, &allowed), "{good}");
    }
    for bad in [
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "ISC AND (GPL-3.0 OR LGPL-3.0)",
        "Apache-2.0 WITH Classpath-exception-2.0",
        "(MIT",
        "MIT MIT",
        "no licence",
        "",
    ] {
        assert!(!permits(bad, &allowed), "{bad}");
    }
}
