//! Pages of people.
//!
//! A search reads the entries of one of its words, the rarest, field by field, and looks for the
//! others in each entry. A page goes on after the last agent shown: their place is made of what
//! they are called now, so that the cursor holds ids only.

use kernel::port::Person;
use kernel::{AgentId, Cursor, CursorError, Limit, OrganisationId, Page};
use kernel_db::{DbError, Tx};

use crate::domain::words::{Entries, Field, Question};
use crate::store::directory::{self, Found, Wanted};
use crate::store::{self};

/// What is asked of the directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// What is looked for; none: everybody.
    pub(crate) question: Option<Question>,
    /// Of this administration and those below it only.
    pub(crate) organisation: Option<OrganisationId>,
}

/// Where a page ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Which word's entries are read; the list has none and reads names.
    word: u8,
    /// The last agent shown.
    agent: AgentId,
}

impl Place {
    pub(super) fn read(cursor: &Cursor) -> Result<Self, CursorError> {
        let (word, agent) = cursor.key().split_first().ok_or(CursorError)?;
        Ok(Self {
            word: *word,
            agent: AgentId::from_bytes(agent).map_err(|_| CursorError)?,
        })
    }

    fn cursor(self) -> Cursor {
        let mut key = vec![self.word];
        key.extend_from_slice(self.agent.as_bytes());
        Cursor::new(key)
    }
}

/// The first of those found, for whom names are only a way to their ids.
pub(crate) async fn people_found(
    tx: &mut Tx,
    asked: &Asked,
    limit: Limit,
) -> Result<Vec<Person>, DbError> {
    Ok(page(tx, asked, None, limit).await?.items)
}

/// One page.
pub(super) async fn page(
    tx: &mut Tx,
    asked: &Asked,
    after: Option<Place>,
    limit: Limit,
) -> Result<Page<Person>, DbError> {
    let most = limit.rows() + 1;
    let (word, mut items) = match &asked.question {
        None => (0, listed(tx, asked, after, most).await?),
        Some(Question::Nothing) => (0, Vec::new()),
        Some(Question::Address(address)) => {
            let words = std::slice::from_ref(address);
            (0, search(tx, asked, words, 0, after, most).await?)
        }
        Some(Question::Words(words)) => {
            let word = match after {
                Some(place) => place.word,
                None => rarest(tx, words).await?,
            };
            (word, search(tx, asked, words, word, after, most).await?)
        }
    };
    let is_last = i64::try_from(items.len()).is_ok_and(|found| found < most);
    if !is_last {
        items.pop();
    }
    let last = items.last().filter(|_| !is_last);
    let next = last.map(|last| {
        Place {
            word,
            agent: last.id,
        }
        .cursor()
    });
    Ok(Page { items, next })
}

async fn listed(
    tx: &mut Tx,
    asked: &Asked,
    after: Option<Place>,
    most: i64,
) -> Result<Vec<Person>, DbError> {
    let after = match after {
        Some(place) => match directory::place(tx, place.agent).await? {
            Some(after) => Some(after),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    directory::listed(tx, asked.organisation, after, most).await
}

/// Which word has the fewest entries; of several that have many, the longest.
async fn rarest(tx: &mut Tx, words: &[String]) -> Result<u8, DbError> {
    let mut best = (i64::MAX, 0);
    let mut rarest = 0;
    for (place, word) in (0_u8..).zip(words).filter(|_| words.len() > 1) {
        let entries = directory::entries_beginning(tx, word).await?;
        let rank = (entries, usize::MAX - word.len());
        if rank < best {
            (best, rarest) = (rank, place);
        }
    }
    Ok(rarest)
}

async fn search(
    tx: &mut Tx,
    asked: &Asked,
    words: &[String],
    word: u8,
    after: Option<Place>,
    most: i64,
) -> Result<Vec<Person>, DbError> {
    let Some(beginning) = words.get(usize::from(word)) else {
        return Ok(Vec::new());
    };
    let others: Vec<String> = words
        .iter()
        .filter(|one| *one != beginning)
        .cloned()
        .collect();
    let wanted = Wanted {
        beginning,
        others: &others,
        organisation: asked.organisation,
    };
    let mut start = match after {
        Some(place) => match started(tx, beginning, place.agent).await? {
            Some(start) => Some(start),
            None => return Ok(Vec::new()),
        },
        None => None,
    };
    let mut people: Vec<Person> = Vec::new();
    for field in Field::ALL {
        let after = match &start {
            Some((begun, _)) if field < *begun => continue,
            Some((begun, _)) if field > *begun => None,
            _ => start.take().map(|(_, after)| after),
        };
        let left = most - i64::try_from(people.len()).unwrap_or(most);
        if left <= 0 {
            break;
        }
        let found = directory::found(tx, wanted, field, after, left).await?;
        people.extend(found.into_iter().map(|Found { person, .. }| person));
    }
    Ok(people)
}

/// Where an agent is found, to go on behind them.
async fn started(
    tx: &mut Tx,
    beginning: &str,
    agent: AgentId,
) -> Result<Option<(Field, (String, AgentId))>, DbError> {
    let Some(agent) = store::agent::by_id(tx, agent).await? else {
        return Ok(None);
    };
    let entries = Entries::of(&agent.attributes);
    let first = entries.first(beginning);
    Ok(first.map(|(field, entry)| (field, (entry.to_owned(), agent.id))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_its_cursor_and_a_foreign_one_is_refused() {
        let place = Place {
            word: 2,
            agent: AgentId::from_u128(7),
        };
        assert_eq!(Place::read(&place.cursor()), Ok(place));
        assert_eq!(Place::read(&Cursor::new("claire")), Err(CursorError));
        assert_eq!(Place::read(&Cursor::new("")), Err(CursorError));
    }
}
