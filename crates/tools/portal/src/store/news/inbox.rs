//! Rows of `portal_inbox_item` and `portal_inbox`.

use kernel::{AgentId, Limit, Text, Timestamp};
use kernel_db::{DbError, Row, Tx, values};

use super::optional_text;
use crate::domain::news::{NewNotice, NoticeId, StoredNotice};
use crate::domain::news::{urgency_of, urgency_word};
use crate::store::{text, unreadable};

fn fr(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.fr.to_string())
}

fn en(text: Option<&Text>) -> Option<String> {
    text.map(|text| text.en.to_string())
}

/// What a notice did to its inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Put {
    /// Which notice it is now: the one that it replaced, or a new one.
    pub(crate) id: NoticeId,
    /// How many unread ones it added.
    pub(crate) added: i64,
}

/// Puts a notice in its inbox as unread. One of the same source with the same dedup key is
/// replaced and keeps its id.
///
/// # Errors
/// What the database says.
pub(crate) async fn put_notice(
    tx: &mut Tx,
    id: NoticeId,
    notice: &NewNotice,
    now: Timestamp,
) -> Result<Put, DbError> {
    if let Some(key) = &notice.dedup
        && let Some(row) = tx
            .query_optional(
                "SELECT id, read_at FROM portal_inbox_item
                 WHERE agent_id = $1 AND source = $2 AND dedup = $3",
                &values![notice.to, &notice.source, key],
            )
            .await?
    {
        let known: NoticeId = row.get("id")?;
        let was_read: Option<Timestamp> = row.get("read_at")?;
        replace(tx, known, notice, now).await?;
        return Ok(Put {
            id: known,
            added: i64::from(was_read.is_some()),
        });
    }
    tx.execute(
        "INSERT INTO portal_inbox_item (
            id, agent_id, source, source_name_fr, source_name_en, icon, kind, urgency, dedup,
            title_fr, title_en, detail_fr, detail_en, link, action_fr, action_en, until_at, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
        &values![
            id,
            notice.to,
            &notice.source,
            fr(notice.source_name.as_ref()),
            en(notice.source_name.as_ref()),
            notice.icon.clone(),
            &notice.kind,
            urgency_word(notice.urgency),
            notice.dedup.clone(),
            notice.title.fr.as_ref(),
            notice.title.en.as_ref(),
            fr(notice.detail.as_ref()),
            en(notice.detail.as_ref()),
            notice.link.as_ref().map(|link| link.as_str().to_owned()),
            fr(notice.action.as_ref()),
            en(notice.action.as_ref()),
            notice.until,
            now,
        ],
    )
    .await?;
    Ok(Put { id, added: 1 })
}

async fn replace(
    tx: &mut Tx,
    id: NoticeId,
    notice: &NewNotice,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "UPDATE portal_inbox_item SET
            source_name_fr = $2, source_name_en = $3, icon = $4, kind = $5, urgency = $6,
            title_fr = $7, title_en = $8, detail_fr = $9, detail_en = $10, link = $11,
            action_fr = $12, action_en = $13, until_at = $14, at = $15,
            read_at = NULL, read_mark = NULL, mailed_at = NULL
         WHERE id = $1",
        &values![
            id,
            fr(notice.source_name.as_ref()),
            en(notice.source_name.as_ref()),
            notice.icon.clone(),
            &notice.kind,
            urgency_word(notice.urgency),
            notice.title.fr.as_ref(),
            notice.title.en.as_ref(),
            fr(notice.detail.as_ref()),
            en(notice.detail.as_ref()),
            notice.link.as_ref().map(|link| link.as_str().to_owned()),
            fr(notice.action.as_ref()),
            en(notice.action.as_ref()),
            notice.until,
            now,
        ],
    )
    .await?;
    Ok(())
}

/// Adds to the unread count of an inbox, and brings its digest and its next look forward.
///
/// # Errors
/// What the database says.
pub(crate) async fn raise_inbox(
    tx: &mut Tx,
    agent: AgentId,
    added: i64,
    digest_at: Option<Timestamp>,
    wake_at: Option<Timestamp>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO portal_inbox (agent_id, unread, digest_at, wake_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (agent_id) DO UPDATE SET
            unread = portal_inbox.unread + excluded.unread,
            digest_at = CASE
                WHEN portal_inbox.digest_at IS NULL OR excluded.digest_at < portal_inbox.digest_at
                THEN excluded.digest_at ELSE portal_inbox.digest_at END,
            wake_at = CASE
                WHEN portal_inbox.wake_at IS NULL OR excluded.wake_at < portal_inbox.wake_at
                THEN excluded.wake_at ELSE portal_inbox.wake_at END",
        &values![agent, added, digest_at, wake_at],
    )
    .await?;
    Ok(())
}

/// How many notices an agent has not read.
///
/// # Errors
/// What the database says.
pub(crate) async fn unread_count(tx: &mut Tx, agent: AgentId) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT unread FROM portal_inbox WHERE agent_id = $1",
            &values![agent],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("unread"))
}

/// Where a list of notices begins: those before this time and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Before this time…
    pub(crate) at: Timestamp,
    /// … or at it, before this id.
    pub(crate) id: NoticeId,
}

impl Bounds {
    /// The whole list.
    pub(crate) const ALL: Self = Self {
        at: Timestamp::from_millis(i64::MAX),
        id: NoticeId::from_u128(u128::MAX),
    };
}

/// An agent's notices, latest first.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_notices(
    tx: &mut Tx,
    agent: AgentId,
    unread_only: bool,
    before: Bounds,
    limit: Limit,
) -> Result<Vec<StoredNotice>, DbError> {
    let sql = if unread_only {
        "SELECT id, source, source_name_fr, source_name_en, icon, kind, urgency, title_fr,
            title_en, detail_fr, detail_en, link, action_fr, action_en, until_at, at, read_at
         FROM portal_inbox_item
         WHERE agent_id = $1 AND read_at IS NULL AND (at, id) < ($2, $3)
         ORDER BY at DESC, id DESC LIMIT $4"
    } else {
        "SELECT id, source, source_name_fr, source_name_en, icon, kind, urgency, title_fr,
            title_en, detail_fr, detail_en, link, action_fr, action_en, until_at, at, read_at
         FROM portal_inbox_item
         WHERE agent_id = $1 AND (at, id) < ($2, $3)
         ORDER BY at DESC, id DESC LIMIT $4"
    };
    let rows = tx
        .query(sql, &values![agent, before.at, before.id, limit.rows() + 1])
        .await?;
    rows.iter().map(notice).collect()
}

/// The unread notices of an agent that have an action and an end yet to come, soonest first.
///
/// # Errors
/// What the database says.
pub(crate) async fn list_now_notices(
    tx: &mut Tx,
    agent: AgentId,
    now: Timestamp,
    rows: i64,
) -> Result<Vec<StoredNotice>, DbError> {
    let rows = tx
        .query(
            "SELECT id, source, source_name_fr, source_name_en, icon, kind, urgency, title_fr,
                title_en, detail_fr, detail_en, link, action_fr, action_en, until_at, at, read_at
             FROM portal_inbox_item
             WHERE agent_id = $1 AND until_at > $2 AND until_at IS NOT NULL AND read_at IS NULL
                AND action_fr IS NOT NULL AND link IS NOT NULL
             ORDER BY until_at LIMIT $3",
            &values![agent, now, rows],
        )
        .await?;
    rows.iter().map(notice).collect()
}

pub(super) fn notice(row: &Row) -> Result<StoredNotice, DbError> {
    Ok(StoredNotice {
        id: row.get("id")?,
        source: row.get("source")?,
        source_name: optional_text(row, "source_name_fr", "source_name_en")?,
        icon: row.get("icon")?,
        kind: row.get("kind")?,
        urgency: urgency_of(&row.get::<String>("urgency")?)
            .ok_or_else(|| unreadable("urgency", "an urgency"))?,
        title: text(row, "title_fr", "title_en")?,
        detail: optional_text(row, "detail_fr", "detail_en")?,
        link: row.get("link")?,
        action: optional_text(row, "action_fr", "action_en")?,
        until: row.get("until_at")?,
        at: row.get("at")?,
        read_at: row.get("read_at")?,
    })
}

/// Removes up to 500 notices that came before `before`; how many.
///
/// # Errors
/// What the database says.
pub(crate) async fn remove_old_notices(tx: &mut Tx, before: Timestamp) -> Result<usize, DbError> {
    let rows = tx
        .query(
            "DELETE FROM portal_inbox_item WHERE id IN
                (SELECT id FROM portal_inbox_item WHERE at < $1 ORDER BY at LIMIT 500)
             RETURNING agent_id, read_at",
            &values![before],
        )
        .await?;
    for row in &rows {
        if row.get::<Option<Timestamp>>("read_at")?.is_none() {
            let agent: AgentId = row.get("agent_id")?;
            super::inbox_mark::add_unread(tx, agent, -1).await?;
        }
    }
    Ok(rows.len())
}
