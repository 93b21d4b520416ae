//! Rows of `portal_category`.

use kernel::Timestamp;
use kernel_db::{DbError, Row, Tx, values};

use super::{text, unreadable};
use crate::domain::{Category, CategoryId, Family};

/// Writes a category whole, under its id.
///
/// # Errors
/// What the database says.
pub(crate) async fn upsert_category(
    tx: &mut Tx,
    category: &Category,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_category (id, title_fr, title_en, family, position, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET
            title_fr = excluded.title_fr,
            title_en = excluded.title_en,
            family = excluded.family,
            position = excluded.position,
            updated_at = excluded.updated_at",
        &values![
            category.id,
            category.title.fr.as_ref(),
            category.title.en.as_ref(),
            category.family.word(),
            category.position,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Whether there is a category of this id.
///
/// # Errors
/// What the database says.
pub(crate) async fn category_exists(tx: &mut Tx, id: CategoryId) -> Result<bool, DbError> {
    let row = tx
        .query_optional(
            "SELECT 1 AS one FROM portal_category WHERE id = $1",
            &values![id],
        )
        .await?;
    Ok(row.is_some())
}

/// All categories. One that this release does not understand is left out, with its tiles, and
/// logged.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_categories(tx: &mut Tx) -> Result<Vec<Category>, DbError> {
    let rows = tx
        .query(
            "SELECT id, title_fr, title_en, family, position FROM portal_category",
            &values![],
        )
        .await?;
    let mut categories = Vec::with_capacity(rows.len());
    for row in &rows {
        match category(row) {
            Ok(category) => categories.push(category),
            Err(error) => tracing::error!(%error, "a category cannot be read and is not shown"),
        }
    }
    Ok(categories)
}

fn category(row: &Row) -> Result<Category, DbError> {
    Ok(Category {
        id: row.get("id")?,
        title: text(row, "title_fr", "title_en")?,
        family: Family::from_word(&row.get::<String>("family")?)
            .ok_or_else(|| unreadable("family", "a colour family"))?,
        position: row.get("position")?,
    })
}
