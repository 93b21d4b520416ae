//! Running commands: shown as they run, kept for counting, timed.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::TaskError;

/// How a command ended.
pub(crate) struct Outcome {
    /// Whether it ended with zero.
    pub(crate) success: bool,
    /// What it printed on both outputs, in the order it came.
    pub(crate) output: String,
}

/// Counts the seconds of a step.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts counting.
    #[expect(
        clippy::disallowed_methods,
        reason = "only shows a developer how long a step took"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// How long it has been.
    pub(crate) fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Seconds with one decimal, for people.
    pub(crate) fn seconds(&self) -> String {
        format!("{:.1} s", self.elapsed().as_secs_f64())
    }
}

/// Runs a command, shows what it prints as it comes and keeps it.
///
/// # Errors
/// When the program cannot be started.
pub(crate) fn show(command: &mut Command) -> Result<Outcome, TaskError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let spawn = |source| TaskError::Spawn {
        program: program.clone(),
        source,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(spawn)?;
    let kept = Arc::new(Mutex::new(String::new()));
    let mut readers = Vec::new();
    let outputs: [Option<Box<dyn Read + Send>>; 2] = [
        child.stdout.take().map(|output| Box::new(output) as _),
        child.stderr.take().map(|output| Box::new(output) as _),
    ];
    for output in outputs.into_iter().flatten() {
        let kept = Arc::clone(&kept);
        readers.push(thread::spawn(move || copy_lines(output, &kept)));
    }
    let status = child.wait().map_err(spawn)?;
    for reader in readers {
        // A reader that panicked has shown why; what it kept until then is still there.
        drop(reader.join());
    }
    let output = kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Ok(Outcome {
        success: status.success(),
        output,
    })
}

/// Runs a command, shows what it prints, and refuses any end but a good one.
///
/// # Errors
/// When the program cannot be started, or fails.
pub(crate) fn need(what: &str, command: &mut Command) -> Result<(), TaskError> {
    let outcome = show(command)?;
    if outcome.success {
        Ok(())
    } else {
        Err(TaskError::CommandFailed(what.to_owned()))
    }
}

/// Runs a command without showing anything; its standard output when it succeeded.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn copy_lines(output: Box<dyn Read + Send>, kept: &Mutex<String>) {
    let mut reader = BufReader::new(output);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(count) if count > 0) {
        // The developer's terminal may be gone; the command's result still counts.
        drop(io::stdout().write_all(&line));
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_str(&String::from_utf8_lossy(&line));
        line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_outputs_are_kept_and_a_good_end_is_told_from_a_bad_one() {
        let good = show(Command::new("sh").args(["-c", "echo one; echo two >&2"])).unwrap();
        assert!(good.success);
        assert!(good.output.contains("one\n") && good.output.contains("two\n"));
        let bad = show(Command::new("sh").args(["-c", "echo three; exit 3"])).unwrap();
        assert!(!bad.success);
        assert!(bad.output.contains("three\n"));
    }

    #[test]
    fn a_program_that_does_not_exist_is_named() {
        let error = show(&mut Command::new("no-such-program-here"))
            .err()
            .unwrap();
        assert!(error.to_string().contains("no-such-program-here"));
    }
}
