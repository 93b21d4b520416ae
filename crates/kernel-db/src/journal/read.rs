//! Reading the journal: pages, the latest first, by what an index knows; stretches of one chain,
//! for an export.
//!
//! A page is merged from streams, each in the order of one index: the chains of a reach, the acts
//! of a family, the persons. A filter that drives no stream is looked at row by row.

use kernel::{Act, AgentId, Outcome, Timestamp};

use super::{Chain, entry::Entry};
use crate::{DbError, Tx, Value, values};

/// The most streams that a page is merged from; a reach of more chains is read from all of them at
/// once, in the order of time.
const MOST_STREAMS: usize = 128;

/// Whose entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chains {
    /// Everybody's, and the system's.
    All,
    /// Of these chains.
    Of(Vec<Chain>),
}

/// What is looked for; what is empty or absent asks nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalQuery {
    /// Whose.
    pub chains: Chains,
    /// From this time.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub before: Option<Timestamp>,
    /// By one of these; none: by anybody.
    pub actors: Option<Vec<AgentId>>,
    /// One of these acts.
    pub acts: Vec<Act>,
    /// Ended so.
    pub outcome: Option<Outcome>,
    /// On this.
    pub subject: Option<String>,
}

/// Where an entry is among all: by time, then chain, then place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JournalPlace {
    /// When.
    pub at: Timestamp,
    /// Its chain.
    pub chain: Chain,
    /// Its place there.
    pub seq: i64,
}

impl Entry {
    /// Where it is among all.
    pub const fn place(&self) -> JournalPlace {
        JournalPlace {
            at: self.at,
            chain: self.chain,
            seq: self.seq,
        }
    }
}

/// The first and the last place of a chain's entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// Which chain.
    pub chain: Chain,
    /// How many entries have left it after their retention.
    pub gone: i64,
    /// Its last entry.
    pub last: i64,
}

/// Which index a stream follows.
#[derive(Debug, Clone, Copy)]
enum Stream<'a> {
    Everything,
    Chain(Chain),
    ChainAct(Chain, Act),
    Act(Act),
    Actor(AgentId),
    Subject(&'a str),
    Undone,
    ChainUndone(Chain),
    /// Of a chain, the places after the first and up to the second, in their order.
    Stretch(Chain, i64, i64),
}

/// The entries that are looked for, the latest first, those after `after`, `rows` at most.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn journal_page(
    tx: &mut Tx,
    query: &JournalQuery,
    after: Option<JournalPlace>,
    rows: i64,
) -> Result<Vec<Entry>, DbError> {
    let extents = journal_extents(tx, &query.chains).await?;
    let chains: Vec<Chain> = extents.iter().map(|extent| extent.chain).collect();
    let most = usize::try_from(rows).unwrap_or(0);
    let mut found: Vec<Entry> = Vec::new();
    for stream in streams(query, &chains) {
        // What is older than the last of a full page is not looked at any more.
        let oldest = found.last().filter(|_| found.len() == most);
        let floor = oldest.map(|entry| entry.at).max(query.from);
        let (sql, values) = compile(stream, query, &chains, floor, after, rows);
        for row in &tx.query_made(&sql, &values).await? {
            found.push(Entry::read(row)?);
        }
        found.sort_by_key(|entry| std::cmp::Reverse(entry.place()));
        found.truncate(most);
    }
    Ok(found)
}

/// The entries that are looked for among the places of a chain after `after` and up to `last`, in
/// their order: a stretch of a few hundred, since each row of it is looked at.
///
/// # Errors
/// When the database refuses or a row is damaged.
pub async fn journal_stretch(
    tx: &mut Tx,
    query: &JournalQuery,
    chain: Chain,
    after: i64,
    last: i64,
) -> Result<Vec<Entry>, DbError> {
    let stream = Stream::Stretch(chain, after, last);
    let rows = last.saturating_sub(after);
    let (sql, values) = compile(stream, query, &[], query.from, None, rows);
    let rows = tx.query_made(&sql, &values).await?;
    rows.iter().map(Entry::read).collect()
}

/// The chains that have had entries, of those asked for, in their order.
///
/// # Errors
/// When the database refuses.
pub async fn journal_extents(tx: &mut Tx, chains: &Chains) -> Result<Vec<Extent>, DbError> {
    let rows = tx
        .query(
            "SELECT h.chain AS chain, h.seq AS last, COALESCE(b.seq, 0) AS gone \
             FROM journal_head h LEFT JOIN journal_boundary b ON b.chain = h.chain \
             ORDER BY h.chain",
            &values![],
        )
        .await?;
    let mut extents = Vec::new();
    for row in &rows {
        let chain = row.get("chain")?;
        if matches!(chains, Chains::All) || matches!(chains, Chains::Of(of) if of.contains(&chain))
        {
            extents.push(Extent {
                chain,
                gone: row.get("gone")?,
                last: row.get("last")?,
            });
        }
    }
    Ok(extents)
}

/// Whether `actor` has done `act` since `since`, with this very `data` when it is given; what
/// still waits for its place counts.
///
/// # Errors
/// When the database refuses.
pub async fn journalled_since(
    tx: &mut Tx,
    actor: AgentId,
    act: Act,
    since: Timestamp,
    data: Option<&str>,
) -> Result<bool, DbError> {
    let rows = tx
        .query(
            "SELECT 1 AS one FROM journal_pending \
             WHERE actor = $1 AND act = $2 AND at >= $3 \
             AND (data = $4 OR CAST($4 AS TEXT) IS NULL) \
             UNION ALL SELECT 1 FROM journal_entry \
             WHERE actor = $1 AND act = $2 AND at >= $3 \
             AND (data = $4 OR CAST($4 AS TEXT) IS NULL) LIMIT 1",
            &values![actor, act.0, since, data],
        )
        .await?;
    Ok(!rows.is_empty())
}

fn streams<'a>(query: &'a JournalQuery, chains: &[Chain]) -> Vec<Stream<'a>> {
    if let Some(subject) = &query.subject {
        return vec![Stream::Subject(subject)];
    }
    if let Some(actors) = &query.actors {
        return actors.iter().copied().map(Stream::Actor).collect();
    }
    let by_chain = |each: usize| {
        let streams = chains.len().saturating_mul(each);
        matches!(query.chains, Chains::Of(_)) && streams <= MOST_STREAMS
    };
    if matches!(query.outcome, Some(Outcome::Refused | Outcome::Failed)) {
        if by_chain(1) {
            return chains.iter().copied().map(Stream::ChainUndone).collect();
        }
        return vec![Stream::Undone];
    }
    let by_chain = by_chain(query.acts.len().max(1));
    match (by_chain, query.acts.is_empty()) {
        (true, true) => chains.iter().copied().map(Stream::Chain).collect(),
        (true, false) => chains
            .iter()
            .flat_map(|chain| query.acts.iter().map(|act| Stream::ChainAct(*chain, *act)))
            .collect(),
        (false, true) => vec![Stream::Everything],
        (false, false) => query.acts.iter().copied().map(Stream::Act).collect(),
    }
}

/// A statement under way.
struct Text {
    sql: String,
    values: Vec<Value>,
}

impl Text {
    fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    /// A condition on what the stream's index does not lead with: no index is chosen for it.
    fn beside<V: Into<Value>>(&mut self, column: &str, among: impl IntoIterator<Item = V>) {
        let places: Vec<String> = among.into_iter().map(|value| self.bind(value)).collect();
        let among = if places.is_empty() {
            "NULL".to_owned()
        } else {
            places.join(", ")
        };
        self.sql.push_str(" AND CASE WHEN ");
        self.sql.push_str(column);
        self.sql.push_str(" IN (");
        self.sql.push_str(&among);
        self.sql.push_str(") THEN 1 ELSE 0 END = 1");
    }

    fn and(&mut self, before: &str, value: impl Into<Value>) {
        let place = self.bind(value);
        self.sql.push_str(before);
        self.sql.push_str(&place);
    }
}

fn compile(
    stream: Stream<'_>,
    query: &JournalQuery,
    chains: &[Chain],
    from: Option<Timestamp>,
    after: Option<JournalPlace>,
    rows: i64,
) -> (String, Vec<Value>) {
    let mut text = Text {
        sql: "SELECT e.*, p.salt AS salt, p.personal AS personal FROM journal_entry e \
              LEFT JOIN journal_personal p ON p.chain = e.chain AND p.seq = e.seq WHERE 1 = 1"
            .to_owned(),
        values: Vec::new(),
    };
    lead(&mut text, stream);
    if let Some(from) = from {
        text.and(" AND e.at >= ", from);
    }
    if let Some(before) = query.before {
        text.and(" AND e.at < ", before);
    }
    if let Some(after) = after {
        text.and(" AND e.at <= ", after.at);
        text.and(" AND (e.at < ", after.at);
        text.and(" OR e.chain < ", after.chain);
        text.and(" OR (e.chain = ", after.chain);
        text.and(" AND e.seq < ", after.seq);
        text.sql.push_str("))");
    }
    beside(&mut text, stream, query, chains);
    text.sql.push_str(match stream {
        Stream::Stretch(..) => " ORDER BY e.seq",
        _ => " ORDER BY e.at DESC, e.chain DESC, e.seq DESC",
    });
    text.and(" LIMIT ", rows);
    (text.sql, text.values)
}

/// What the stream's index leads with.
fn lead(text: &mut Text, stream: Stream<'_>) {
    match stream {
        Stream::Everything => {}
        Stream::Chain(chain) => text.and(" AND e.chain = ", chain),
        Stream::ChainAct(chain, act) => {
            text.and(" AND e.chain = ", chain);
            text.and(" AND e.act = ", act.0);
        }
        Stream::Act(act) => text.and(" AND e.act = ", act.0),
        Stream::Actor(actor) => text.and(" AND e.actor = ", actor),
        Stream::Subject(subject) => text.and(" AND e.subject = ", subject),
        Stream::Undone => text.sql.push_str(" AND e.outcome <> 'done'"),
        Stream::ChainUndone(chain) => {
            text.and(" AND e.chain = ", chain);
            text.sql.push_str(" AND e.outcome <> 'done'");
        }
        Stream::Stretch(chain, after, last) => {
            text.and(" AND e.chain = ", chain);
            text.and(" AND e.seq > ", after);
            text.and(" AND e.seq <= ", last);
        }
    }
}

/// The filters that the stream does not answer by itself.
fn beside(text: &mut Text, stream: Stream<'_>, query: &JournalQuery, chains: &[Chain]) {
    let of_chain = matches!(
        stream,
        Stream::Chain(_) | Stream::ChainAct(..) | Stream::ChainUndone(_) | Stream::Stretch(..)
    );
    if !of_chain && matches!(query.chains, Chains::Of(_)) {
        text.beside("e.chain", chains.iter().copied());
    }
    let of_act = matches!(stream, Stream::ChainAct(..) | Stream::Act(_));
    if !of_act && !query.acts.is_empty() {
        text.beside("e.act", query.acts.iter().map(|act| act.0));
    }
    if let (false, Some(actors)) = (matches!(stream, Stream::Actor(_)), &query.actors) {
        text.beside("e.actor", actors.iter().copied());
    }
    if let Some(outcome) = query.outcome {
        text.beside("e.outcome", [outcome.word()]);
    }
    if let (false, Some(subject)) = (matches!(stream, Stream::Subject(_)), &query.subject) {
        text.beside("e.subject", [subject.as_str()]);
    }
}
