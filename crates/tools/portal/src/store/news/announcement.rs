//! Rows of `portal_announcement`. Every write raises the revision of the news.

use kernel::{OrganisationId, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use crate::domain::news::{
    Announcement, AnnouncementDraft, AnnouncementId, AnnouncementState, Link, Severity,
};
use crate::store::{text, unreadable};

/// The state of the announcements that the tables show.
///
/// # Errors
/// What the database says.
pub(crate) async fn news_revision(tx: &mut Tx) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT revision FROM portal_news_revision WHERE id = 1",
            &values![],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("revision"))
}

async fn raise_revision(tx: &mut Tx) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_news_revision SET revision = revision + 1 WHERE id = 1",
        &values![],
    )
    .await?;
    Ok(())
}

fn audience(draft: &AnnouncementDraft) -> Result<String, DbError> {
    serde_json::to_string(&draft.audience).map_err(|cause| DbError::Parameter(cause.to_string()))
}

fn link(draft: &AnnouncementDraft) -> Option<String> {
    draft.link.as_ref().map(|link| link.as_str().to_owned())
}

/// Writes a new announcement.
///
/// # Errors
/// What the database says.
pub(crate) async fn insert_announcement(
    tx: &mut Tx,
    announcement: &Announcement,
) -> Result<(), DbError> {
    let content = &announcement.content;
    tx.execute(
        "INSERT INTO portal_announcement (
            id, organisation_id, title_fr, title_en, body_fr, body_en, severity, audience, from_at,
            until_at, must_confirm, link, state, published_at, written_by, written_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        &values![
            announcement.id,
            content.organisation,
            content.title.fr.as_ref(),
            content.title.en.as_ref(),
            content.body.fr.as_ref(),
            content.body.en.as_ref(),
            content.severity.word(),
            audience(content)?,
            content.from,
            content.until,
            content.must_confirm,
            link(content),
            announcement.state.word(),
            announcement.published_at,
            announcement.written_by,
            announcement.written_at,
            announcement.version,
        ],
    )
    .await?;
    raise_revision(tx).await
}

/// Writes an announcement over the version before its own; whether that stood.
///
/// # Errors
/// What the database says.
pub(crate) async fn update_announcement(
    tx: &mut Tx,
    announcement: &Announcement,
) -> Result<bool, DbError> {
    let content = &announcement.content;
    let changed = tx
        .execute(
            "UPDATE portal_announcement SET
                organisation_id = $2, title_fr = $3, title_en = $4, body_fr = $5, body_en = $6,
                severity = $7, audience = $8, from_at = $9, until_at = $10, must_confirm = $11,
                link = $12, state = $13, published_at = $14, written_at = $15, version = $16
             WHERE id = $1 AND version = $17",
            &values![
                announcement.id,
                content.organisation,
                content.title.fr.as_ref(),
                content.title.en.as_ref(),
                content.body.fr.as_ref(),
                content.body.en.as_ref(),
                content.severity.word(),
                audience(content)?,
                content.from,
                content.until,
                content.must_confirm,
                link(content),
                announcement.state.word(),
                announcement.published_at,
                announcement.written_at,
                announcement.version,
                announcement.version - 1,
            ],
        )
        .await?;
    raise_revision(tx).await?;
    Ok(changed == 1)
}

/// One announcement, whatever its state.
///
/// # Errors
/// What the database says.
pub(crate) async fn find_announcement(
    tx: &mut Tx,
    id: AnnouncementId,
) -> Result<Option<Announcement>, DbError> {
    let row = tx
        .query_optional(
            "SELECT id, organisation_id, title_fr, title_en, body_fr, body_en, severity, audience,
                from_at, until_at, must_confirm, link, state, published_at, written_by,
                written_at, version
             FROM portal_announcement WHERE id = $1",
            &values![id],
        )
        .await?;
    row.as_ref().map(announcement).transpose()
}

/// All published announcements that were first shown after `since`. One that this release does
/// not understand is left out and logged.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_published_announcements(
    tx: &mut Tx,
    since: Timestamp,
) -> Result<Vec<Announcement>, DbError> {
    let rows = tx
        .query(
            "SELECT id, organisation_id, title_fr, title_en, body_fr, body_en, severity, audience,
                from_at, until_at, must_confirm, link, state, published_at, written_by,
                written_at, version
             FROM portal_announcement
             WHERE state = $1 AND (published_at > $2 OR until_at > $2 OR from_at > $2)",
            &values![AnnouncementState::Published.word(), since],
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        match announcement(row) {
            Ok(one) => all.push(one),
            Err(error) => {
                tracing::error!(%error, "an announcement cannot be read and is not shown");
            }
        }
    }
    Ok(all)
}

/// The announcements of one administration, latest first: `rows` at most, those before `before`.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_announcements_of(
    tx: &mut Tx,
    organisation: OrganisationId,
    before: AnnouncementId,
    rows: i64,
) -> Result<Vec<Announcement>, DbError> {
    let rows = tx
        .query(
            "SELECT id, organisation_id, title_fr, title_en, body_fr, body_en, severity, audience,
                from_at, until_at, must_confirm, link, state, published_at, written_by,
                written_at, version
             FROM portal_announcement
             WHERE organisation_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            &values![organisation, before, rows],
        )
        .await?;
    rows.iter().map(announcement).collect()
}

fn announcement(row: &Row) -> Result<Announcement, DbError> {
    let link = match row.get::<Option<String>>("link")? {
        None => None,
        Some(text) => Some(Link::parse(&text).map_err(|_| unreadable("link", "a link"))?),
    };
    Ok(Announcement {
        id: row.get("id")?,
        content: AnnouncementDraft {
            title: text(row, "title_fr", "title_en")?,
            body: text(row, "body_fr", "body_en")?,
            severity: Severity::from_word(&row.get::<String>("severity")?)
                .ok_or_else(|| unreadable("severity", "a severity"))?,
            organisation: row.get("organisation_id")?,
            audience: serde_json::from_str(&row.get::<String>("audience")?)
                .map_err(|_| unreadable("audience", "an audience rule"))?,
            from: row.get("from_at")?,
            until: row.get("until_at")?,
            must_confirm: row.get("must_confirm")?,
            link,
        },
        state: AnnouncementState::from_word(&row.get::<String>("state")?)
            .ok_or_else(|| unreadable("state", "a state of an announcement"))?,
        published_at: row.get("published_at")?,
        written_by: row.get("written_by")?,
        written_at: row.get("written_at")?,
        version: row.get("version")?,
    })
}
