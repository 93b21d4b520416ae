//! Counting tests from what the runners print.

use std::ops::AddAssign;

/// How many passed, how many failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Tally {
    /// A check that is no test runner counts one.
    pub(crate) fn check(success: bool) -> Self {
        Self {
            passed: u64::from(success),
            failed: u64::from(!success),
        }
    }

    /// The same, in the form of [`Tally::runner`]: what was printed does not count.
    pub(crate) fn check_output(success: bool, _output: &str) -> Self {
        Self::check(success)
    }

    /// What a runner counted; a runner that failed without a failed test counts one failure.
    pub(crate) fn runner(success: bool, output: &str) -> Self {
        let mut tally = count(&plain(output));
        if !success && tally.failed == 0 {
            tally.failed = 1;
        }
        tally
    }
}

/// Sums the summary lines of nextest, `cargo test`, vitest and `node --test`.
fn count(output: &str) -> Tally {
    let mut tally = Tally::default();
    for whole in output.lines() {
        let line = whole.trim();
        // What nextest shows of a failed test is indented, with a summary of its own.
        if line.starts_with("test result:") && whole.starts_with(' ') {
            continue;
        }
        let line = line.strip_prefix('\u{2139}').map_or(line, str::trim_start);
        if line.starts_with("Summary [")
            || line.starts_with("test result:")
            || line.starts_with("Tests ")
        {
            tally.passed += before(line, "passed");
            for word in ["failed", "timed out", "exec failed"] {
                tally.failed += before(line, word);
            }
        } else if let Some((word, number)) = line.trim_start_matches("# ").split_once(' ') {
            let number = number.parse().unwrap_or(0);
            match word {
                "pass" => tally.passed += number,
                "fail" | "cancelled" => tally.failed += number,
                _ => {}
            }
        }
    }
    tally
}

/// The number that stands before a word, as in `3 passed`.
fn before(line: &str, word: &str) -> u64 {
    let Some((start, _)) = line.split_once(&format!(" {word}")) else {
        return 0;
    };
    start
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()
        .unwrap_or("")
        .parse()
        .unwrap_or(0)
}

/// The text without terminal colours.
fn plain(output: &str) -> String {
    let mut text = String::with_capacity(output.len());
    let mut letters = output.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(passed: u64, failed: u64) -> Tally {
        Tally { passed, failed }
    }

    #[test]
    fn nextest_is_counted() {
        let good = "     Summary [   0.005s] 3 tests run: 3 passed, 0 skipped";
        assert_eq!(Tally::runner(true, good), tally(3, 0));
        let bad = "     Summary [   1.2s] 7 tests run: 4 passed (1 slow), 2 failed, 1 timed out, 0 skipped";
        assert_eq!(Tally::runner(false, bad), tally(4, 3));
    }

    #[test]
    fn each_doc_test_summary_is_added() {
        let output = "test result: ok. 2 passed; 0 failed; 0 ignored\n\
                      test result: FAILED. 1 passed; 3 failed; 0 ignored\n    \
                      test result: FAILED. 0 passed; 1 failed; 0 ignored";
        assert_eq!(Tally::runner(false, output), tally(3, 3));
    }

    #[test]
    fn vitest_is_counted_through_its_colours() {
        let output = " Test Files  1 failed | 3 passed (4)\n\u{1b}[2m      Tests \u{1b}[22m \
                      \u{1b}[31m1 failed\u{1b}[39m | \u{1b}[32m12 passed\u{1b}[39m (13)";
        assert_eq!(Tally::runner(false, output), tally(12, 1));
    }

    #[test]
    fn node_is_counted_in_both_of_its_forms() {
        assert_eq!(
            Tally::runner(true, "# tests 5\n# pass 5\n# fail 0"),
            tally(5, 0)
        );
        let spec = "\u{2139} pass 4\n\u{2139} fail 1\n\u{2139} cancelled 1";
        assert_eq!(Tally::runner(false, spec), tally(4, 2));
    }

    #[test]
    fn a_runner_that_failed_without_a_count_is_a_failure() {
        assert_eq!(Tally::runner(false, "could not compile"), tally(0, 1));
        assert_eq!(Tally::runner(false, "# pass 2\n# fail 0"), tally(2, 1));
    }

    #[test]
    fn a_check_counts_one() {
        assert_eq!(Tally::check(true), tally(1, 0));
        assert_eq!(Tally::check(false), tally(0, 1));
    }
}
