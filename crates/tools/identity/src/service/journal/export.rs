//! An export of the journal: its lines one after another, a few hundred entries in memory at a
//! time, however many there are.

use std::collections::VecDeque;
use std::sync::Arc;

use kernel::{Act, Caller};
use kernel_db::{Entry, Extent, JournalQuery, journal_extents, journal_stretch};

use super::super::Identity;
use super::ask::{self, JournalFilter};
use super::file::{ChainRead, Opening, TYPE, Written};
use super::with_means;
use crate::domain::role::root;
use crate::error::IdentityError;

const EXPORT: Act = Act("identity.journal.export");
/// Places that are read at once.
const STRETCH: i64 = 500;

/// An export under way.
pub(crate) struct Export {
    identity: Identity,
    query: Arc<JournalQuery>,
    written: Written,
    chains: VecDeque<Extent>,
    opening: Option<Vec<u8>>,
}

impl Identity {
    /// Begins an export of what a filter finds, up to the present end of each chain; it is in the
    /// journal before its first line is there.
    ///
    /// # Errors
    /// When the caller administers nothing there, or the database refuses.
    pub(crate) async fn export_journal(
        &self,
        caller: Caller,
        filter: JournalFilter,
    ) -> Result<Export, IdentityError> {
        let now = self.house.clock.now();
        let wanted = Arc::new((caller.clone(), filter));
        let (asked, extents) = self
            .house
            .db
            .read(move |tx| {
                let wanted = Arc::clone(&wanted);
                Box::pin(async move {
                    let (caller, filter) = &*wanted;
                    let asked = ask::resolve(tx, caller, filter, now).await?;
                    let extents = journal_extents(tx, &asked.query.chains).await?;
                    Ok::<_, IdentityError>((asked, extents))
                })
            })
            .await?;
        let roots = asked.scopes.iter().map(|scope| root(*scope)).collect();
        let data = with_means(&caller, ("filter", asked.told.clone()));
        self.record(caller.agent, EXPORT, roots, data, now).await?;
        let opening = Opening {
            besace_journal: 1,
            issuer: self.issuer.clone(),
            exported_at: now.millis(),
            by: caller.agent,
            filter: asked.told,
            chains: extents.iter().map(chain_read).collect(),
        };
        let (written, opening) = Written::begin(&opening)?;
        Ok(Export {
            identity: self.clone(),
            query: Arc::new(asked.query),
            written,
            chains: extents.into(),
            opening: Some(opening),
        })
    }
}

fn chain_read(extent: &Extent) -> ChainRead {
    ChainRead {
        chain: extent.chain.to_string(),
        gone: extent.gone,
        last: extent.last,
    }
}

impl Export {
    /// The next lines, and what is left; none left: these were the last, with the signature.
    ///
    /// # Errors
    /// When the database refuses, or nothing can be signed: the file then has no signature.
    pub(crate) async fn next(mut self) -> Result<(Vec<u8>, Option<Self>), IdentityError> {
        if let Some(opening) = self.opening.take() {
            return Ok((opening, Some(self)));
        }
        while let Some(chain) = self.chains.front_mut() {
            let (after, last) = (chain.gone, chain.last.min(chain.gone + STRETCH));
            let of = chain.chain;
            chain.gone = last;
            if chain.gone >= chain.last {
                self.chains.pop_front();
            }
            let query = Arc::clone(&self.query);
            let entries: Vec<Entry> = self
                .identity
                .house
                .db
                .read(move |tx| {
                    let query = Arc::clone(&query);
                    Box::pin(async move {
                        let found = journal_stretch(tx, &query, of, after, last).await?;
                        Ok::<_, IdentityError>(found)
                    })
                })
                .await?;
            if !entries.is_empty() {
                let lines = self.written.entries(&entries);
                return Ok((lines, Some(self)));
            }
        }
        let identity = self.identity;
        let now = identity.house.clock.now();
        let seal = self.written.seal(&identity.issuer, now);
        let signature = identity.keys.current().await?.sign_own(TYPE, &seal)?;
        Ok((Written::closing(signature)?, None))
    }
}
