//! The parsers of foreign bytes, each as a function of bytes that must neither panic nor hang, and
//! what must hold of what it reads.
//!
//! `cargo xtask fuzz TARGET` lets an engine look for bytes that break one (`engine/`, libFuzzer
//! with the compiler's own coverage; the stable compiler will do). What it finds is made as small
//! as it gets and kept in `findings/TARGET/`; the tests here try it again for ever, with the seeds
//! of `corpus/TARGET/`.

mod house;
mod sign_in;
mod tokens;

/// A parser, by the name of its folders.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What is done with the bytes; whether they were accepted.
    pub run: fn(&[u8]) -> bool,
    /// The longest input that is worth trying, in bytes.
    pub longest: usize,
}

/// Every one.
pub const TARGETS: &[Target] = &[
    Target {
        name: "token",
        run: tokens::token,
        longest: 4_096,
    },
    Target {
        name: "claims",
        run: tokens::claims,
        longest: 1_024,
    },
    Target {
        name: "key-set",
        run: tokens::key_set,
        longest: 8_192,
    },
    Target {
        name: "cookie",
        run: house::cookie,
        longest: 1_024,
    },
    Target {
        name: "master-keys",
        run: house::master_keys,
        longest: 512,
    },
    Target {
        name: "bus",
        run: house::bus,
        longest: 2_048,
    },
    Target {
        name: "form",
        run: sign_in::form,
        longest: 1_024,
    },
    Target {
        name: "discovery",
        run: sign_in::discovery,
        longest: 4_096,
    },
    Target {
        name: "interaction",
        run: sign_in::interaction,
        longest: 4_096,
    },
    Target {
        name: "typed",
        run: sign_in::typed,
        longest: 256,
    },
    Target {
        name: "csv",
        run: sign_in::csv,
        longest: 4_096,
    },
];

/// The parser of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;

    fn inputs(folder: &str, target: &str) -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(folder)
            .join(target);
        let Ok(entries) = fs::read_dir(folder) else {
            return Vec::new();
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
        paths.sort();
        paths
    }

    #[test]
    fn the_corpus_and_all_that_was_ever_found_break_nothing() {
        for target in TARGETS {
            let corpus = inputs("corpus", target.name);
            for path in corpus.into_iter().chain(inputs("findings", target.name)) {
                let bytes = fs::read(&path).expect("readable");
                eprintln!("{}", path.display());
                (target.run)(&bytes);
            }
        }
    }

    #[test]
    fn every_parser_has_a_seed_that_it_accepts_and_one_that_it_refuses() {
        // Seeds that are all refused at the first byte lead an engine nowhere.
        for target in TARGETS {
            let mut accepted = 0;
            let mut refused = 0;
            for path in inputs("corpus", target.name) {
                let bytes = fs::read(&path).expect("readable");
                assert!(bytes.len() <= target.longest, "{} is cut", path.display());
                if (target.run)(&bytes) {
                    accepted += 1;
                } else {
                    refused += 1;
                }
            }
            assert!(accepted > 0, "{}: no seed is accepted", target.name);
            assert!(refused > 0, "{}: no seed is refused", target.name);
        }
    }

    #[test]
    fn every_folder_of_seeds_or_findings_is_a_parser_s() {
        for folder in ["corpus", "findings"] {
            for path in inputs(folder, ".") {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                assert!(target(&name).is_some(), "{}", path.display());
            }
        }
    }
}
