//! A directory as a file of a human resources department: CSV as spreadsheets write it.
//!
//! [`read`] makes typed lines and named faults of any bytes; [`plan`] decides what a line makes of
//! what is known. Nothing here reads a clock or a database.
//!
//! Invariants
//! - Any bytes give lines, faults or a [`Refusal`], never a panic.
//! - A line is good or faulty as a whole: none is imported by half.
//! - What a spreadsheet would take for a formula is refused, so that no export of ours carries one
//!   on; a telephone number may begin with `+`.

mod fault;
mod header;
mod line;
pub mod plan;
pub mod report;
mod table;
mod text;

use std::collections::HashMap;

pub use fault::{Cause, Fault, Field, neutralised};
pub use header::Columns;
pub use line::{Line, Siret14};
pub use table::Separator;
pub use text::Encoding;

use crate::domain::role::email_key;

/// The most bytes of a file.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// The most lines below the header.
pub const MOST_LINES: usize = 20_000;

/// A file read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// How its bytes were understood.
    pub encoding: Encoding,
    /// What parts its fields.
    pub separator: Separator,
    /// What its columns are.
    pub columns: Columns,
    /// Good lines, in their order.
    pub lines: Vec<Line>,
    /// Faulty ones, in their order.
    pub faults: Vec<Fault>,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Over [`MOST_BYTES`].
    #[error("the file is too large")]
    TooLarge,
    /// Over [`MOST_LINES`].
    #[error("the file has too many lines")]
    TooManyLines,
    /// No line below a header.
    #[error("the file is empty")]
    Empty,
    /// Columns without which no agent can be made.
    #[error("columns are missing")]
    Columns(Vec<Field>),
}

/// Reads a file. An address that comes twice is good the first time.
///
/// # Errors
/// When the whole file cannot be used.
pub fn read(bytes: &[u8]) -> Result<File, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal::TooLarge);
    }
    let (text, encoding) = text::decode(bytes);
    let (separator, records) = table::records(&text)?;
    let mut records = records.into_iter();
    let head = records.next().ok_or(Refusal::Empty)?;
    let columns = Columns::read(&head.fields)?;
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let mut seen: HashMap<String, u64> = HashMap::new();
    for record in records {
        let line = match line::read(&columns, &record) {
            Ok(line) => line,
            Err(fault) => {
                faults.push(fault);
                continue;
            }
        };
        let key = email_key(line.email.as_str());
        if let Some(first) = seen.get(&key) {
            let twice = Cause::TwiceInFile { line: *first };
            faults.push(fault::of(&columns, &record, Some(Field::Email), twice));
            continue;
        }
        seen.insert(key, record.number);
        lines.push(line);
    }
    if lines.is_empty() && faults.is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(File {
        encoding,
        separator,
        columns,
        lines,
        faults,
    })
}

#[cfg(test)]
mod tests;
