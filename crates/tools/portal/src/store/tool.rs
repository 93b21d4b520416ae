//! Rows of `portal_tile` as administrators see them.

use kernel_db::{DbError, Row, Tx, Value, values};

use super::{count, notice, rule, tile};
use crate::domain::{TileId, Tool, ToolFields};

/// Tools that administrators publish stand after the configured ones, in the order of their
/// making.
const POSITION: u32 = 1_000_000;

/// The columns of a tool.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, origin, organisation_id, owner_id, category_id, name_fr, name_en, ",
            "description_fr, description_en, icon, address, reach, reaches, audience, ",
            "publication, client_id, version, updated_at, published_at, agents, guests ",
            "FROM portal_tile",
            $rest
        )
    };
}
const SELECT: &str = select!("");
const SELECT_ONE: &str = select!(" WHERE id = $1");

/// Writes a new tool.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when the category does not exist.
pub(crate) async fn insert_tool(tx: &mut Tx, tool: &Tool) -> Result<(), DbError> {
    let fields = &tool.fields;
    tx.execute(
        "INSERT INTO portal_tile (
            id, origin, organisation_id, owner_id, category_id, name_fr, name_en, description_fr,
            description_en, icon, address, reach, reaches, audience, publication, client_id,
            version, updated_at, published_at, agents, position, guests)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20, $21, $22)",
        &values![
            tool.id,
            tool.origin.word(),
            tool.organisation,
            fields.owner,
            fields.category,
            fields.name.fr(),
            fields.name.en().unwrap_or_default(),
            fields.description.fr(),
            fields.description.en().unwrap_or_default(),
            fields.icon.as_str(),
            fields.address.as_str(),
            fields.reaches.widest().word(),
            fields.reaches.to_text(),
            rule::text(&fields.audience)?,
            tool.state.word(),
            tool.client_id.clone(),
            tool.version,
            tool.updated_at,
            tool.published_at,
            count(tool.agents),
            POSITION,
            fields.guests,
        ],
    )
    .await?;
    Ok(())
}

/// Writes a tool over the version `expected` of it; whether that version still stood.
///
/// # Errors
/// What the database says; [`DbError::Constraint`] when the category does not exist.
pub(crate) async fn update_tool(tx: &mut Tx, tool: &Tool, expected: i64) -> Result<bool, DbError> {
    let fields = &tool.fields;
    let rows = tx
        .execute(
            "UPDATE portal_tile SET
                owner_id = $3, category_id = $4, name_fr = $5, name_en = $6,
                description_fr = $7, description_en = $8, icon = $9, address = $10, reach = $11,
                reaches = $12, audience = $13, publication = $14, client_id = $15, version = $16,
                updated_at = $17, published_at = $18, agents = $19, guests = $20
             WHERE id = $1 AND version = $2",
            &values![
                tool.id,
                expected,
                fields.owner,
                fields.category,
                fields.name.fr(),
                fields.name.en().unwrap_or_default(),
                fields.description.fr(),
                fields.description.en().unwrap_or_default(),
                fields.icon.as_str(),
                fields.address.as_str(),
                fields.reaches.widest().word(),
                fields.reaches.to_text(),
                rule::text(&fields.audience)?,
                tool.state.word(),
                tool.client_id.clone(),
                tool.version,
                tool.updated_at,
                tool.published_at,
                count(tool.agents),
                fields.guests,
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// Removes a tool with all that hangs on it.
///
/// # Errors
/// What the database says.
pub(crate) async fn delete_tool(tx: &mut Tx, id: TileId) -> Result<(), DbError> {
    tx.execute("DELETE FROM portal_tile WHERE id = $1", &values![id])
        .await?;
    Ok(())
}

/// One tool.
///
/// # Errors
/// What the database says.
pub(crate) async fn tool(tx: &mut Tx, id: TileId) -> Result<Option<Tool>, DbError> {
    let Some(row) = tx.query_optional(SELECT_ONE, &values![id]).await? else {
        return Ok(None);
    };
    let mut tool = read(&row)?;
    tool.notice = notice::of_tile(tx, id).await?;
    Ok(Some(tool))
}

/// All tools, configured ones included; one that this release does not understand is left out
/// and logged.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_tools(tx: &mut Tx) -> Result<Vec<Tool>, DbError> {
    let mut notices = notice::by_tile(tx).await?;
    let none: [Value; 0] = values![];
    let rows = tx.query(SELECT, &none).await?;
    let mut tools = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(row) {
            Ok(mut tool) => {
                tool.notice = notices.remove(&tool.id);
                tools.push(tool);
            }
            Err(error) => tracing::error!(%error, "a tool cannot be read and is not listed"),
        }
    }
    Ok(tools)
}

fn read(row: &Row) -> Result<Tool, DbError> {
    let agents: Option<i64> = row.get("agents")?;
    Ok(Tool {
        id: row.get("id")?,
        origin: tile::origin(row)?,
        organisation: row.get("organisation_id")?,
        fields: ToolFields {
            name: tile::label(row, "name_fr", "name_en")?,
            description: tile::label(row, "description_fr", "description_en")?,
            category: row.get("category_id")?,
            icon: tile::icon(row)?,
            address: tile::address(row)?,
            reaches: tile::reaches(row)?,
            owner: row.get("owner_id")?,
            audience: rule::read(row)?,
            guests: row.get("guests")?,
        },
        state: tile::publication(row)?,
        client_id: row.get("client_id")?,
        version: row.get("version")?,
        updated_at: row.get("updated_at")?,
        published_at: row.get("published_at")?,
        agents: agents.and_then(|agents| u64::try_from(agents).ok()),
        notice: None,
    })
}
