//! Invitations. The secret of a link is kept as its SHA-256 only.

use kernel::{AgentId, OrganisationId, Scope, Timestamp, ToolId};
use kernel_db::{DbError, Row, Tx, Value, values};

use super::unreadable;
use crate::domain::invitation::{
    Ending, Invitation, InvitationId, InvitationState, Line, Name, Over, Who,
};

kernel_db::id_values!(InvitationId);

/// Writes a new invitation under its link's hash.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, one: &Invitation, secret_hash: [u8; 32]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_invitation (
             id, guest, inviter, sponsor, given_name, usual_name, organisation_name, purpose,
             tools, secret_hash, state, created_at, answer_by, until_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &values![
            one.id,
            one.guest,
            one.inviter,
            one.sponsor,
            one.who.given_name.as_str(),
            one.who.usual_name.as_str(),
            one.who.organisation.as_str(),
            one.purpose.as_str(),
            tools_text(&one.tools)?,
            secret_hash,
            one.state.word(),
            one.created_at,
            one.answer_by,
            one.until
        ],
    )
    .await?;
    Ok(())
}

/// Writes what became of an invitation, when it still stands where it was read. Answers whether it
/// did.
///
/// # Errors
/// When the database refuses.
pub async fn update(tx: &mut Tx, one: &Invitation, read: InvitationState) -> Result<bool, DbError> {
    let rows = tx
        .execute(
            "UPDATE identity_invitation SET
                 state = $3, answer_by = $4, until_at = $5, accepted_at = $6, ended_at = $7,
                 ending = $8, ended_by = $9, asks = $10, asked_at = $11
             WHERE id = $1 AND state = $2",
            &values![
                one.id,
                read.word(),
                one.state.word(),
                one.answer_by,
                one.until,
                one.accepted_at,
                one.over.map(|over| over.at),
                one.over.map(|over| over.why.word()),
                one.over.and_then(|over| over.by),
                one.asks,
                one.asked_at
            ],
        )
        .await?;
    Ok(rows == 1)
}

/// An invitation.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_id(tx: &mut Tx, id: InvitationId) -> Result<Option<Invitation>, DbError> {
    let row = tx
        .query_optional(
            "SELECT * FROM identity_invitation WHERE id = $1",
            &values![id],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The invitation behind a link's hash.
///
/// # Errors
/// When the database refuses or the row is damaged.
pub async fn by_secret(tx: &mut Tx, secret_hash: [u8; 32]) -> Result<Option<Invitation>, DbError> {
    let row = tx
        .query_optional(
            "SELECT * FROM identity_invitation WHERE secret_hash = $1",
            &values![secret_hash],
        )
        .await?;
    row.as_ref().map(read).transpose()
}

/// The invitations of a guest that are written as open, the oldest first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn open_of_guest(tx: &mut Tx, guest: AgentId) -> Result<Vec<Invitation>, DbError> {
    let rows = tx
        .query(
            "SELECT * FROM identity_invitation
             WHERE guest = $1 AND state IN ('pending', 'accepted') ORDER BY id",
            &values![guest],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// The invitations that an agent sent and that are written as not answered, the oldest first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn pending_of_inviter(tx: &mut Tx, inviter: AgentId) -> Result<Vec<Invitation>, DbError> {
    let rows = tx
        .query(
            "SELECT * FROM identity_invitation
             WHERE inviter = $1 AND state = 'pending' ORDER BY id",
            &values![inviter],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// How many invitations of an agent let somebody in at `now`.
///
/// # Errors
/// When the database refuses.
pub async fn let_in_by(tx: &mut Tx, inviter: AgentId, now: Timestamp) -> Result<u32, DbError> {
    let row = tx
        .query_optional(
            "SELECT COUNT(*) AS n FROM identity_invitation
             WHERE inviter = $1 AND state = 'accepted' AND until_at > $2",
            &values![inviter, now],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("n"))
}

/// Every invitation of a guest, the newest first.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn of_guest(tx: &mut Tx, guest: AgentId) -> Result<Vec<Invitation>, DbError> {
    let rows = tx
        .query(
            "SELECT * FROM identity_invitation WHERE guest = $1 ORDER BY id DESC",
            &values![guest],
        )
        .await?;
    rows.iter().map(read).collect()
}

/// What lets a guest in at `now`: the tools shared by the invitations that they accepted and that
/// hold, and the latest end of these; none: nothing does.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn pass(
    tx: &mut Tx,
    guest: AgentId,
    now: Timestamp,
) -> Result<Option<(Vec<ToolId>, Timestamp)>, DbError> {
    let rows = tx
        .query(
            "SELECT tools, until_at FROM identity_invitation
             WHERE guest = $1 AND state = 'accepted' AND until_at > $2",
            &values![guest, now],
        )
        .await?;
    let mut pass: Option<(Vec<ToolId>, Timestamp)> = None;
    for row in &rows {
        let until: Timestamp = row.get("until_at")?;
        let (tools, last) = pass.get_or_insert_with(|| (Vec::new(), until));
        *last = until.max(*last);
        for tool in tools_of(row)? {
            if !tools.contains(&tool) {
                tools.push(tool);
            }
        }
    }
    Ok(pass)
}

/// The invitations of an agent, or of the administrations of a reach, the newest first: those
/// before `before`, `rows` at most.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn listed(
    tx: &mut Tx,
    of: Of,
    before: Option<InvitationId>,
    rows: i64,
) -> Result<Vec<Invitation>, DbError> {
    // No id lies beyond this one.
    let before = before.map_or(Value::Bytes(vec![0xff; 16]), Value::from);
    let found = match of {
        Of::Inviter(agent) => {
            tx.query(
                "SELECT * FROM identity_invitation
                 WHERE inviter = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                &values![agent, before, rows],
            )
            .await?
        }
        Of::Sponsors(Scope::Everything) => {
            tx.query(
                "SELECT * FROM identity_invitation
                 WHERE id < $1 ORDER BY id DESC LIMIT $2",
                &values![before, rows],
            )
            .await?
        }
        Of::InviterBelow {
            inviter,
            root,
            subtree,
        } => {
            tx.query(
                "SELECT * FROM identity_invitation
                 WHERE inviter = $1
                   AND (sponsor = $2 OR ($3 = 1 AND sponsor IN (
                         SELECT organisation FROM identity_organisation_above WHERE above = $2)))
                   AND id < $4
                 ORDER BY id DESC LIMIT $5",
                &values![inviter, root, i64::from(subtree), before, rows],
            )
            .await?
        }
        Of::Sponsors(Scope::Organisation { root, subtree }) => {
            tx.query(
                "SELECT * FROM identity_invitation
                 WHERE (sponsor = $1 OR ($2 = 1 AND sponsor IN (
                         SELECT organisation FROM identity_organisation_above WHERE above = $1)))
                   AND id < $3
                 ORDER BY id DESC LIMIT $4",
                &values![root, i64::from(subtree), before, rows],
            )
            .await?
        }
    };
    found.iter().map(read).collect()
}

/// Whose invitations are listed.
#[derive(Debug, Clone, Copy)]
pub enum Of {
    /// Those that an agent sent.
    Inviter(AgentId),
    /// Those that an agent sent and that an administration answers for, or one below it.
    InviterBelow {
        /// Who sent them.
        inviter: AgentId,
        /// Which administration.
        root: OrganisationId,
        /// Those below it too.
        subtree: bool,
    },
    /// Those that administrations answer for.
    Sponsors(Scope),
}

/// How many invitations an agent has open, and how many they sent since `since`.
///
/// # Errors
/// When the database refuses.
pub async fn counts(
    tx: &mut Tx,
    inviter: AgentId,
    now: Timestamp,
    since: Timestamp,
) -> Result<(u64, u64), DbError> {
    let row = tx
        .query_optional(
            "SELECT COALESCE(SUM(CASE WHEN state IN ('pending', 'accepted') AND until_at > $2
                                      THEN 1 ELSE 0 END), 0) AS open,
                    COALESCE(SUM(CASE WHEN created_at > $3 THEN 1 ELSE 0 END), 0) AS sent
             FROM identity_invitation WHERE inviter = $1",
            &values![inviter, now, since],
        )
        .await?;
    let Some(row) = row else { return Ok((0, 0)) };
    let (open, sent): (i64, i64) = (row.get("open")?, row.get("sent")?);
    Ok((open.unsigned_abs(), sent.unsigned_abs()))
}

/// Invitations written as open that are over at `now`, `rows` at most.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn due(tx: &mut Tx, now: Timestamp, rows: i64) -> Result<Vec<Invitation>, DbError> {
    let found = tx
        .query(
            "SELECT * FROM identity_invitation
             WHERE (state = 'pending' AND (until_at <= $1 OR answer_by <= $1))
                OR (state = 'accepted' AND until_at <= $1)
             ORDER BY id LIMIT $2",
            &values![now, rows],
        )
        .await?;
    found.iter().map(read).collect()
}

/// Whether there are such.
///
/// # Errors
/// When the database refuses.
pub async fn some_due(tx: &mut Tx, now: Timestamp) -> Result<bool, DbError> {
    Ok(!due(tx, now, 1).await?.is_empty())
}

/// Guests whose last invitation was over by `before`, `rows` at most.
///
/// # Errors
/// When the database refuses.
pub async fn over_since(
    tx: &mut Tx,
    before: Timestamp,
    rows: i64,
) -> Result<Vec<AgentId>, DbError> {
    let found = tx
        .query(
            "SELECT guest FROM identity_invitation GROUP BY guest
             HAVING SUM(CASE WHEN state IN ('pending', 'accepted') THEN 1 ELSE 0 END) = 0
                AND MAX(ended_at) <= $1
             ORDER BY guest LIMIT $2",
            &values![before, rows],
        )
        .await?;
    found.iter().map(|row| row.get("guest")).collect()
}

fn tools_text(tools: &[ToolId]) -> Result<String, DbError> {
    serde_json::to_string(tools).map_err(|cause| DbError::Parameter(cause.to_string()))
}

fn tools_of(row: &Row) -> Result<Vec<ToolId>, DbError> {
    let text: String = row.get("tools")?;
    serde_json::from_str(&text).map_err(|_| unreadable("tools"))
}

fn read(row: &Row) -> Result<Invitation, DbError> {
    let text = |column: &'static str| row.get::<String>(column);
    let name = |column| Name::parse(&text(column)?).ok_or_else(|| unreadable(column));
    let line =
        |column, longest| Line::parse(&text(column)?, longest).ok_or_else(|| unreadable(column));
    let ending: Option<String> = row.get("ending")?;
    let why = ending
        .map(|word| Ending::from_word(&word).ok_or_else(|| unreadable("ending")))
        .transpose()?;
    let ended_at: Option<Timestamp> = row.get("ended_at")?;
    let by: Option<AgentId> = row.get("ended_by")?;
    Ok(Invitation {
        id: row.get("id")?,
        guest: row.get("guest")?,
        inviter: row.get("inviter")?,
        sponsor: row.get("sponsor")?,
        who: Who {
            given_name: name("given_name")?,
            usual_name: name("usual_name")?,
            organisation: line("organisation_name", Line::ORGANISATION)?,
        },
        purpose: line("purpose", Line::PURPOSE)?,
        tools: tools_of(row)?,
        state: InvitationState::from_word(&text("state")?).ok_or_else(|| unreadable("state"))?,
        created_at: row.get("created_at")?,
        answer_by: row.get("answer_by")?,
        until: row.get("until_at")?,
        accepted_at: row.get("accepted_at")?,
        over: ended_at.zip(why).map(|(at, why)| Over { at, why, by }),
        asks: row.get("asks")?,
        asked_at: row.get("asked_at")?,
    })
}
