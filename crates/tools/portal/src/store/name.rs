//! What tools, requests and announcements are called.

use kernel::Text;
use kernel_db::{DbError, Tx, Value};

/// Ids of one statement.
const TOGETHER: usize = 16;

/// A kind of thing that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A tool.
    Tool,
    /// A request.
    Request,
    /// An announcement.
    Announcement,
}

macro_rules! named {
    ($columns:literal) => {
        concat!(
            "SELECT id, ",
            $columns,
            " WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
    };
}

impl Kind {
    const fn sql(self) -> &'static str {
        match self {
            Self::Tool => named!("name_fr AS fr, name_en AS en FROM portal_tile"),
            Self::Request => named!("name AS fr, name AS en FROM portal_request"),
            Self::Announcement => named!("title_fr AS fr, title_en AS en FROM portal_announcement"),
        }
    }
}

/// The names of the things of these ids, in no order; those that are no more are absent.
///
/// # Errors
/// What the database says.
pub(crate) async fn names(
    tx: &mut Tx,
    kind: Kind,
    ids: &[[u8; 16]],
) -> Result<Vec<([u8; 16], Text)>, DbError> {
    let mut names = Vec::with_capacity(ids.len());
    for some in ids.chunks(TOGETHER) {
        let Some(last) = some.last() else { break };
        let places: Vec<Value> = (0..TOGETHER)
            .map(|place| Value::from(*some.get(place).unwrap_or(last)))
            .collect();
        for row in tx.query(kind.sql(), &places).await? {
            let (fr, en): (String, String) = (row.get("fr")?, row.get("en")?);
            let en = if en.is_empty() { fr.clone() } else { en };
            names.push((row.get("id")?, Text::made(fr, en)));
        }
    }
    Ok(names)
}
