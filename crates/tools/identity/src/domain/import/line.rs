//! From a record to a line that may be believed.

use kernel::{Population, fold};

use super::fault::{Cause, Fault, Field, begins_formula, of};
use super::header::Columns;
use super::table::Record;
use crate::upstream::{EmailAddress, Siret};

/// The longest text, in characters: that of a provider's claim.
const LONGEST: usize = 256;

/// The number of an establishment.
pub type Siret14 = Siret;

/// A good line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// First names.
    pub given_name: String,
    /// The name in use.
    pub usual_name: String,
    /// The professional address.
    pub email: EmailAddress,
    /// The establishment, when said.
    pub siret: Option<Siret14>,
    /// The service, when said.
    pub unit: Option<String>,
    /// What the person is there, when said.
    pub population: Option<Population>,
    /// The professional telephone, when said.
    pub phone: Option<String>,
    /// The administration's own id of the person, when said.
    pub uid: Option<String>,
    /// The whole line, should it be faulty for what is known.
    record: Record,
}

impl Line {
    /// The fault of a line that is good in itself and not for what is known.
    pub fn fault(&self, columns: &Columns, field: Field, cause: Cause) -> Fault {
        of(columns, &self.record, Some(field), cause)
    }
}

/// Reads a record; the first fault, in the order below, is the line's.
///
/// # Errors
/// The fault.
pub(super) fn read(columns: &Columns, record: &Record) -> Result<Line, Fault> {
    let fault = |field, cause| of(columns, record, Some(field), cause);
    let (found, known) = (record.fields.len(), columns.headers().len());
    let beyond = record.fields.get(known..).unwrap_or_default();
    if beyond.iter().any(|field| !field.trim().is_empty()) {
        let columns_too_few = Cause::Fields {
            found,
            columns: known,
        };
        return Err(of(columns, record, None, columns_too_few));
    }
    let text = |field: Field| -> Result<Option<String>, Fault> {
        let place = columns.place(field);
        let cell = place.and_then(|place| record.fields.get(place));
        let read = cell.map_or(Ok(None), |cell| cell_text(field, cell));
        read.map_err(|cause| fault(field, cause))
    };
    let required = |field| text(field)?.ok_or_else(|| fault(field, Cause::Missing));
    let usual_name = required(Field::UsualName)?;
    let given_name = required(Field::GivenName)?;
    let email = required(Field::Email)?;
    let email = address(&email).map_err(|cause| fault(Field::Email, cause))?;
    let siret = match text(Field::Siret)? {
        Some(text) => Some(siret(&text).map_err(|cause| fault(Field::Siret, cause))?),
        None => None,
    };
    let population = match text(Field::Population)? {
        Some(text) => {
            Some(population(&text).ok_or_else(|| fault(Field::Population, Cause::Population))?)
        }
        None => None,
    };
    Ok(Line {
        number: record.number,
        usual_name,
        given_name,
        email,
        siret,
        population,
        unit: text(Field::Unit)?,
        phone: text(Field::Phone)?,
        uid: text(Field::Uid)?,
        record: record.clone(),
    })
}

/// A cell on one line, its spaces collapsed; none when empty.
fn cell_text(field: Field, cell: &str) -> Result<Option<String>, Cause> {
    let text = cell.trim();
    // What an export of ours put before a cell that looked like a formula.
    let text = match text.strip_prefix('\'') {
        Some(rest) if begins_formula(rest) => rest,
        _ => text,
    };
    if text.is_empty() {
        return Ok(None);
    }
    if text.chars().any(|c| c.is_control() || c == '\u{fffd}') {
        return Err(Cause::Control);
    }
    if text.chars().count() > LONGEST {
        return Err(Cause::TooLong { most: LONGEST });
    }
    if begins_formula(text) && !(field == Field::Phone && is_international(text)) {
        return Err(Cause::Formula);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Ok(Some(words.join(" ")))
}

/// `+33 1 40 07 60 60`: digits and what people put between them.
fn is_international(text: &str) -> bool {
    let mark = |c: char| c.is_ascii_digit() || c.is_whitespace() || "().-/".contains(c);
    text.strip_prefix('+').is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(mark)
    })
}

fn address(text: &str) -> Result<EmailAddress, Cause> {
    EmailAddress::parse(text).map_err(|_| {
        // The slips of typing: a comma for a dot, spaces, accents.
        let mut likely = fold(&text.replace(',', ".")).replace(' ', "-");
        if text.contains(char::is_whitespace) {
            likely = text.split_whitespace().collect();
        }
        let meant = EmailAddress::parse(&likely).ok();
        Cause::Address {
            meant: meant.map(|address| address.as_str().to_owned()),
        }
    })
}

fn siret(text: &str) -> Result<Siret, Cause> {
    Siret::parse(text).map_err(|_| {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let others = text
            .chars()
            .any(|c| !c.is_ascii_digit() && !c.is_whitespace());
        if digits.len() != 14 || others {
            return Cause::SiretLength {
                digits: digits.len(),
            };
        }
        let stem = digits.get(..13).unwrap_or_default();
        let right = (0..10)
            .map(|last| format!("{stem}{last}"))
            .find(|one| Siret::parse(one).is_ok());
        Cause::SiretKey {
            meant: right.unwrap_or_default(),
        }
    })
}

fn population(text: &str) -> Option<Population> {
    let word = fold(text);
    let known = match word.trim_end_matches('s') {
        "agent public" | "public agent" | "titulaire" | "contractuel" => "agent",
        "contractor" | "externe" => "prestataire",
        "partner" => "partenaire",
        "trainee" | "intern" | "apprenti" => "stagiaire",
        other => other,
    };
    Population::from_claim(known)
}
