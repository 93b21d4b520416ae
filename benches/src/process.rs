//! What the processes of a run have used, and on which core they run.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a process has used.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// User and system time of all its threads, in milliseconds.
    pub cpu_ms: f64,
    /// Resident memory, in MB.
    pub rss_mb: f64,
}

/// Reads `/proc`.
pub fn usage(pid: u32) -> Usage {
    // Linux counts in hundredths of a second whatever the kernel's own tick is.
    const TICK_MS: f64 = 10.0;
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).expect("a live server");
    // The name may hold spaces; it ends with the last parenthesis. Then: state is field 3.
    let (_, rest) = stat.rsplit_once(')').expect("fields");
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let number = |place: usize| -> f64 {
        let text = fields.get(place).copied().unwrap_or_default();
        text.parse().unwrap_or_default()
    };
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("a live server");
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|line| {
            line.trim()
                .trim_end_matches("kB")
                .trim()
                .parse::<f64>()
                .ok()
        })
        .unwrap_or_default();
    Usage {
        cpu_ms: (number(11) + number(12)) * TICK_MS,
        rss_mb: resident / 1_024.0,
    }
}

/// The path of this very program.
pub fn own_path() -> PathBuf {
    std::env::current_exe().expect("this program's path")
}

/// The program on one core, where there are two and `taskset` is installed.
pub fn pinned(program: &Path, core: u32) -> Command {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let taskset = Path::new("/usr/bin/taskset");
    if cores < 2 || !taskset.exists() {
        return Command::new(program);
    }
    let mut command = Command::new(taskset);
    // taskset becomes the program: the process measured is the server itself.
    command.arg("-c").arg(core.to_string()).arg(program);
    command
}
