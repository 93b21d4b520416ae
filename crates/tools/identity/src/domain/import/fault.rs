//! What is wrong with a line, where, and what would mend it.

use serde::{Deserialize, Serialize};

use super::header::Columns;
use super::table::Record;

/// Characters of a value that a fault repeats.
const SHOWN: usize = 100;

/// What a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The name in use.
    UsualName,
    /// First names.
    GivenName,
    /// The professional address.
    Email,
    /// The establishment.
    Siret,
    /// The service.
    Unit,
    /// What the person is there.
    Population,
    /// The professional telephone.
    Phone,
    /// The administration's own id of the person.
    Uid,
}

/// A faulty line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its number in the file, from 1.
    pub line: u64,
    /// The column's header, as written; none: the line as a whole.
    pub column: Option<String>,
    /// What was read there, its first characters.
    pub value: Option<String>,
    /// What is wrong.
    pub cause: Cause,
    /// The whole line, to be corrected and given again.
    pub record: Vec<String>,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Empty, and must not be.
    Missing,
    /// More characters than this.
    TooLong {
        /// The most.
        most: usize,
    },
    /// A character that is not seen, a second line, or one that could not be understood.
    Control,
    /// A spreadsheet would take it for a formula.
    Formula,
    /// Not an address.
    Address {
        /// What may have been meant.
        meant: Option<String>,
    },
    /// Its domain is none of the providers of this administration.
    Domain {
        /// What may have been meant.
        meant: Option<String>,
    },
    /// Not fourteen digits.
    SiretLength {
        /// How many there are.
        digits: usize,
    },
    /// The sum is wrong.
    SiretKey {
        /// With the last digit that makes it right.
        meant: String,
    },
    /// An establishment that the importer does not administer, or that is unknown.
    SiretElsewhere,
    /// None of the four.
    Population,
    /// The address is on an earlier line.
    TwiceInFile {
        /// Which.
        line: u64,
    },
    /// The address is that of an agent elsewhere, or of several.
    AnotherAgent,
    /// The agent is suspended or has left.
    AccountClosed,
    /// More fields than columns.
    Fields {
        /// How many fields.
        found: usize,
        /// How many columns.
        columns: usize,
    },
}

impl Cause {
    /// Its stable name on the wire.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong { .. } => "too-long",
            Self::Control => "control-character",
            Self::Formula => "formula",
            Self::Address { .. } => "address",
            Self::Domain { .. } => "domain",
            Self::SiretLength { .. } => "siret-length",
            Self::SiretKey { .. } => "siret-key",
            Self::SiretElsewhere => "siret-elsewhere",
            Self::Population => "population",
            Self::TwiceInFile { .. } => "twice-in-file",
            Self::AnotherAgent => "another-agent",
            Self::AccountClosed => "account-closed",
            Self::Fields { .. } => "fields",
        }
    }
}

/// The fault of a record.
pub(super) fn of(columns: &Columns, record: &Record, field: Option<Field>, cause: Cause) -> Fault {
    let value = field
        .and_then(|field| columns.place(field))
        .and_then(|place| record.fields.get(place));
    Fault {
        line: record.number,
        column: field
            .and_then(|field| columns.header(field))
            .map(str::to_owned),
        value: value.map(|value| shown(value)),
        cause,
        record: record.fields.iter().map(|one| without_zero(one)).collect(),
    }
}

/// The first characters of a value, those that are not seen replaced.
fn shown(value: &str) -> String {
    let mut shown: String = value
        .chars()
        .take(SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    if value.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// Databases keep no zero byte in a text.
pub(super) fn without_zero(value: &str) -> String {
    value.replace('\0', "\u{fffd}")
}

/// What must not begin a cell: spreadsheets take what follows for a formula.
pub(super) fn begins_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@'])
}

/// A cell that no spreadsheet takes for a formula: an apostrophe goes before it, which reading
/// takes away again.
pub fn neutralised(cell: &str) -> String {
    let dangerous = begins_formula(cell) || cell.starts_with(['\t', '\r', '\n']);
    if dangerous {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
