//! From text to records: the separator is recognised, fields may be quoted.

use super::{MOST_LINES, Refusal};

/// What parts fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Separator {
    /// `;`, as French spreadsheets write.
    #[serde(rename = ";")]
    Semicolon,
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// A tabulation.
    #[serde(rename = "tab")]
    Tab,
}

impl Separator {
    const ALL: [Self; 3] = [Self::Semicolon, Self::Comma, Self::Tab];

    /// The byte.
    pub const fn byte(self) -> u8 {
        match self {
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Tab => b'\t',
        }
    }
}

/// One record, with the number of the line where it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) number: u64,
    pub(super) fields: Vec<String>,
}

/// The records of a file, the header's first; empty lines are left out.
///
/// # Errors
/// When there are more than [`MOST_LINES`] below the header.
pub(super) fn records(text: &str) -> Result<(Separator, Vec<Record>), Refusal> {
    let (told, text, above) = told(text);
    let separator = told.unwrap_or_else(|| sniff(text));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator.byte())
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    // An error can only be of bytes that are no UTF-8, and this is text: reading then ends.
    for record in reader.records().map_while(Result::ok) {
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        if records.len() > MOST_LINES {
            return Err(Refusal::TooManyLines);
        }
        records.push(Record {
            number: record.position().map_or(0, |at| line_of(text, at)) + above,
            fields: record.iter().map(str::to_owned).collect(),
        });
    }
    Ok((separator, records))
}

/// The line on which a record begins: the reader says where it stopped before it, which is at the
/// end of the line above (the CR of a CRLF) or at an empty line.
fn line_of(text: &str, at: &csv::Position) -> u64 {
    let rest = usize::try_from(at.byte())
        .ok()
        .and_then(|byte| text.as_bytes().get(byte..))
        .unwrap_or_default();
    let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
    at.line() + ends.map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}

/// A first line `sep=;`, which some spreadsheets write: the separator it tells, the rest, and how
/// many lines are above the rest.
fn told(text: &str) -> (Option<Separator>, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let Some(told) = first.trim_end_matches('\r').strip_prefix("sep=") else {
        return (None, text, 0);
    };
    let known = Separator::ALL
        .into_iter()
        .find(|one| told.as_bytes() == [one.byte()]);
    (known, rest, 1)
}

/// The separator that the first line with words has most, outside quotes.
fn sniff(text: &str) -> Separator {
    let head = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let mut counts = [0_usize; Separator::ALL.len()];
    let mut quoted = false;
    for byte in head.bytes() {
        if byte == b'"' {
            quoted = !quoted;
        }
        for (count, one) in counts.iter_mut().zip(Separator::ALL) {
            if !quoted && byte == one.byte() {
                *count += 1;
            }
        }
    }
    let mut best = (0, Separator::Semicolon);
    for (count, one) in counts.into_iter().zip(Separator::ALL) {
        if count > best.0 {
            best = (count, one);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Separator, Vec<(u64, Vec<String>)>) {
        let (separator, records) = records(text).expect("records");
        let records = records.into_iter().map(|one| (one.number, one.fields));
        (separator, records.collect())
    }

    #[test]
    fn the_separator_is_recognised_and_quotes_hold_it() {
        for (text, separator) in [
            ("nom;prénom\na;b", Separator::Semicolon),
            ("nom,prénom\na,b", Separator::Comma),
            ("nom\tprénom\na\tb", Separator::Tab),
            ("\"nom, d’usage\";prénom\na;b", Separator::Semicolon),
            ("nom", Separator::Semicolon),
            ("sep=,\nnom,prénom", Separator::Comma),
        ] {
            assert_eq!(read(text).0, separator, "{text}");
        }
        let quoted = read("nom;service\r\n\"Le \"\"Gall\"\"\";\"a;b\"\r\n");
        assert_eq!(quoted.1[1].1, ["Le \"Gall\"", "a;b"]);
    }

    #[test]
    fn lines_keep_their_numbers_over_empty_ones() {
        let numbers = |text| -> Vec<u64> { read(text).1.iter().map(|one| one.0).collect() };
        assert_eq!(numbers("nom;x\n\n;\na;b\n"), [1, 4]);
        assert_eq!(numbers("sep=;\nnom;x\na;b\n"), [2, 3]);
        assert_eq!(numbers("nom;x\r\na;b\r\nc;d\r\n"), [1, 2, 3]);
        assert_eq!(numbers("nom;x\n\na;b\n"), [1, 3]);
    }

    #[test]
    fn more_lines_than_the_most_are_refused() {
        let mut text = "nom;x\n".to_owned();
        text.push_str(&"a;b\n".repeat(MOST_LINES));
        assert_eq!(records(&text).expect("just fits").1.len(), MOST_LINES + 1);
        text.push_str("a;b\n");
        assert_eq!(records(&text), Err(Refusal::TooManyLines));
    }
}
