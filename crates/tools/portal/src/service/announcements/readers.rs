//! Who has read an announcement, and who has not yet.

use std::collections::HashMap;

use kernel::port::Person;
use kernel::{AgentId, Audience, Caller, Cursor, Limit, Timestamp};
use kernel_db::{DbError, Tx};

use super::FIRST_AGENT;
use crate::domain::news::AnnouncementId;
use crate::news_error::NewsError;
use crate::service::News;
use crate::store::news::{self as store, Reader};

/// Pages of the audience that one request looks through for those who have not read.
const ROUNDS: usize = 10;
/// Agents of one such page.
const ROUND: u16 = 1_000;

/// A part of the list.
pub(crate) struct Readers {
    /// Persons, with when they read it.
    pub(crate) items: Vec<(Person, Option<Timestamp>)>,
    /// Where the rest begins.
    pub(crate) next: Option<Cursor>,
    /// How many have read it.
    pub(crate) confirmed: i64,
    /// How many it is for.
    pub(crate) expected: u64,
}

impl News {
    /// Who has read an announcement in the order of reading, or who of its audience has not.
    ///
    /// # Errors
    /// [`NewsError::NotFound`], [`NewsError::NotAnnouncer`], [`NewsError::Cursor`],
    /// [`NewsError::Port`].
    pub(crate) async fn readers(
        &self,
        caller: &Caller,
        id: AnnouncementId,
        confirmed: bool,
        cursor: Option<&str>,
        limit: Limit,
    ) -> Result<Readers, NewsError> {
        let announcement = self.announcement(caller, id).await?.announcement;
        let audience = announcement.content.audience;
        let cursor = cursor.map(Cursor::parse).transpose();
        let cursor = cursor.map_err(|_| NewsError::Cursor)?;
        let (found, next) = if confirmed {
            self.have_read(id, cursor, limit).await?
        } else {
            self.have_not_read(id, audience.clone(), cursor, limit)
                .await?
        };
        let count = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::count_readers(tx, id)))
            .await
            .map_err(|error: DbError| error)?;
        let ids = found.iter().map(|(agent, _)| *agent).collect();
        let people = self.directory.people(ids).await?;
        let mut by_id: HashMap<AgentId, Person> = people
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        // Who has left is counted and not named.
        let items = found
            .into_iter()
            .filter_map(|(agent, read_at)| Some((by_id.remove(&agent)?, read_at)))
            .collect();
        Ok(Readers {
            items,
            next,
            confirmed: count,
            expected: self.directory.head_count(audience).await?,
        })
    }

    async fn have_read(
        &self,
        id: AnnouncementId,
        cursor: Option<Cursor>,
        limit: Limit,
    ) -> Result<Part, NewsError> {
        let after = cursor.map_or(Ok(BEFORE_ALL), |cursor| reader(&cursor))?;
        let rows = limit.rows();
        let mut readers = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::list_readers(tx, id, after, rows + 1)))
            .await
            .map_err(|error: DbError| error)?;
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        let more = readers.len() > most;
        readers.truncate(most);
        let next = readers.last().filter(|_| more).map(|last| {
            let mut key = last.read_at.millis().to_be_bytes().to_vec();
            key.extend_from_slice(last.agent.as_bytes());
            Cursor::new(key)
        });
        let found = readers
            .into_iter()
            .map(|one| (one.agent, Some(one.read_at)));
        Ok((found.collect(), next))
    }

    /// Goes through the audience in the order of ids. Where nearly all have read, a part may hold
    /// fewer than asked for, and still say where the rest begins.
    async fn have_not_read(
        &self,
        id: AnnouncementId,
        audience: Audience,
        cursor: Option<Cursor>,
        limit: Limit,
    ) -> Result<Part, NewsError> {
        let most = usize::try_from(limit.rows()).unwrap_or(usize::MAX);
        let mut after = match cursor {
            None => None,
            Some(cursor) => Some(AgentId::from_bytes(cursor.key()).map_err(|_| NewsError::Cursor)?),
        };
        let mut found = Vec::new();
        for _ in 0..ROUNDS {
            let page = self
                .directory
                .members(audience.clone(), after, ROUND)
                .await?;
            let (Some(first), Some(last)) = (page.first().copied(), page.last().copied()) else {
                return Ok((found, None));
            };
            let read = self
                .db
                .read(move |tx: &mut Tx| Box::pin(store::readers_between(tx, id, first, last)))
                .await
                .map_err(|error: DbError| error)?;
            let read: std::collections::HashSet<AgentId> = read.into_iter().collect();
            for agent in &page {
                if !read.contains(agent) {
                    found.push((*agent, None));
                    if found.len() == most {
                        let next = Cursor::new(agent.as_bytes().to_vec());
                        return Ok((found, Some(next)));
                    }
                }
            }
            if page.len() < usize::from(ROUND) {
                return Ok((found, None));
            }
            after = Some(last);
        }
        let next = after.map(|last| Cursor::new(last.as_bytes().to_vec()));
        Ok((found, next))
    }
}

type Part = (Vec<(AgentId, Option<Timestamp>)>, Option<Cursor>);

const BEFORE_ALL: Reader = Reader {
    agent: FIRST_AGENT,
    read_at: Timestamp::from_millis(i64::MIN),
};

fn reader(cursor: &Cursor) -> Result<Reader, NewsError> {
    let (at, agent) = cursor.key().split_at_checked(8).ok_or(NewsError::Cursor)?;
    let at = <[u8; 8]>::try_from(at).map_err(|_| NewsError::Cursor)?;
    Ok(Reader {
        read_at: Timestamp::from_millis(i64::from_be_bytes(at)),
        agent: AgentId::from_bytes(agent).map_err(|_| NewsError::Cursor)?,
    })
}
