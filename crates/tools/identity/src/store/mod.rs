//! All SQL of the tool: repository functions on `&mut Tx`, written once for both databases.

pub mod above;
pub mod account;
pub mod administration;
pub mod agent;
pub mod audience;
pub mod client;
pub mod credential;
pub mod directory;
pub mod erase;
pub mod expected;
pub mod grant;
pub mod guest_code;
pub mod guest_factor;
pub mod head;
pub mod import;
pub mod invitation;
pub mod journal;
pub mod key;
pub mod life;
pub mod local_account;
pub mod local_sent;
pub mod organisation;
pub mod provider;
pub mod rename;
pub mod revision;
pub mod role;
pub mod session;
pub mod session_end;
pub mod trial;
pub mod word;

use kernel_db::{DbError, Row};

/// A statement about agents `a` who may do something now, `$2`, with what was proved at the level
/// of a column: the active, and guests while an invitation that they accepted holds. A level
/// without a second factor lets no guest of whom one is asked. The one place where this is said
/// in SQL.
macro_rules! may_act {
    ($select:literal, $acr:literal) => {
        concat!(
            $select,
            " AND (a.state = 'active' OR (a.state = 'guest' AND EXISTS (
                  SELECT 1 FROM identity_invitation i
                  WHERE i.guest = a.id AND i.state = 'accepted' AND i.until_at > $2)
                  AND (",
            $acr,
            " <> 'eidas0' OR NOT EXISTS (
                  SELECT 1 FROM identity_invitation i
                  JOIN identity_organisation asks ON asks.id = i.sponsor
                  WHERE i.guest = a.id AND asks.guest_factor = 1 AND i.until_at > $2
                    AND i.state = 'accepted'))))"
        )
    };
}
pub(crate) use may_act;

/// A stored word that this version does not know: the row is damaged or newer.
fn unreadable(column: &'static str) -> DbError {
    DbError::Decode {
        column: column.to_owned(),
        expected: "a word this version knows",
        found: "another one",
    }
}

/// Reads an optional text column.
fn text(row: &Row, column: &'static str) -> Result<Option<String>, DbError> {
    row.get::<Option<String>>(column)
}
