//! All SQL of the portal, one text for both databases.
//!
//! Every write raises the revision in its own transaction, so that a cache that compares it
//! knows when it is out of date.

mod badge;
mod category;
mod plugin;
mod revision;
mod tile;

use kernel::Text;
use kernel_db::{DbError, Row};

pub(crate) use badge::{badges_of, set_badge};
pub(crate) use category::{category_exists, list_categories, upsert_category};
pub(crate) use plugin::{
    ApplicationRow, delete_search_source, list_applications, upsert_search_source,
};
pub(crate) use revision::{raise_revision, revision};
pub(crate) use tile::{list_published_tiles, upsert_tile, withdraw_tiles};

use crate::domain::{CategoryId, TileId};

kernel_db::id_values!(CategoryId, TileId);

/// A text from its two columns.
fn text(row: &Row, french: &'static str, english: &'static str) -> Result<Text, DbError> {
    Ok(Text::made(
        row.get::<String>(french)?,
        row.get::<String>(english)?,
    ))
}

/// A stored word or text that this release does not understand.
fn unreadable(column: &'static str, expected: &'static str) -> DbError {
    DbError::Decode {
        column: column.to_owned(),
        expected,
        found: "another text",
    }
}
