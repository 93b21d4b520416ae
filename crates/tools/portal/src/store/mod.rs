//! All SQL of the portal, one text for both databases.
//!
//! Every write raises the revision in its own transaction, so that a cache that compares it
//! knows when it is out of date.

mod badge;
pub(crate) mod belongings;
mod category;
mod consent;
pub(crate) mod name;
pub(crate) mod news;
mod notice;
mod own;
mod plugin;
mod request;
mod revision;
mod rule;
mod tile;
mod tool;

use kernel::Text;
use kernel_db::{DbError, Row};

pub(crate) use badge::{badges_of, set_badge};
pub(crate) use category::{category_exists, list_categories, upsert_category};
pub(crate) use consent::{consents_of, give_consent};
pub(crate) use notice::{clear_notice, put_notice};
pub(crate) use own::{
    favourites, first_visit, forget_opened_before, note_opened, note_visit, recents,
    replace_favourites,
};
pub(crate) use plugin::{
    ApplicationRow, delete_search_source, list_applications, upsert_search_source,
};
pub(crate) use request::{
    asked_organisations, end_request, insert_request, pending_by_tool, pending_count_of, request,
    requests_about, requests_of, requests_to,
};
pub(crate) use revision::{raise_revision, revision};
pub(crate) use tile::{list_published_tiles, upsert_tile, withdraw_configured_tiles};
pub(crate) use tool::{delete_tool, insert_tool, list_tools, tool, update_tool};

use crate::domain::{CategoryId, RequestId, TileId};

kernel_db::id_values!(CategoryId, TileId, RequestId);

/// A count as databases keep it.
fn count(count: Option<u64>) -> Option<i64> {
    count.map(|count| i64::try_from(count).unwrap_or(i64::MAX))
}

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
