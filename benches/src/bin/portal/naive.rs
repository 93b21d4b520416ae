//! The peer of the search: a directory without keys, on the same file.

use std::path::Path;

use crate::timing::{now, quantile, since};

/// The 95th percentile of these searches, milliseconds.
pub(crate) fn p95(data: &Path, words: &[String]) -> f64 {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let file = data.join("besace.sqlite");
    let connection = rusqlite::Connection::open_with_flags(file, flags).expect("the database");
    let mut statement = connection
        .prepare(
            "SELECT id, given_name, usual_name FROM identity_agent
             WHERE given_name || ' ' || usual_name LIKE ?1 OR email LIKE ?1
             ORDER BY usual_name LIMIT 10",
        )
        .expect("a statement");
    let mut times = Vec::new();
    for typed in words {
        let started = now();
        let mut rows = statement.query([format!("%{typed}%")]).expect("rows");
        while rows.next().expect("a row").is_some() {}
        times.push(since(started));
    }
    quantile(&mut times, 95)
}
