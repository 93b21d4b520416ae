//! What the portal's things are called, for who reads of them by id in the journal.

use std::collections::HashMap;
use std::sync::Arc;

use kernel::port::{Names, PortError};
use kernel::{BoxFuture, Text};
use kernel_db::{Db, DbError};

use crate::domain::news::AnnouncementId;
use crate::domain::{RequestId, TileId};
use crate::store::name::{Kind, names};

/// The names of tools, requests and announcements.
pub struct PortalNames(Db);

impl PortalNames {
    /// As the tables have them.
    pub const fn new(db: Db) -> Self {
        Self(db)
    }
}

/// The kind and the id that a subject names; none: it is not the portal's.
fn thing(subject: &str) -> Option<(Kind, [u8; 16])> {
    let (kind, id) = subject.split_once(':')?;
    match kind {
        "tool" => Some((Kind::Tool, *TileId::parse(id).ok()?.as_bytes())),
        "request" => Some((Kind::Request, *RequestId::parse(id).ok()?.as_bytes())),
        "announcement" => {
            let id = AnnouncementId::parse(id).ok()?;
            Some((Kind::Announcement, *id.as_bytes()))
        }
        _ => None,
    }
}

impl Names for PortalNames {
    fn names(
        &self,
        subjects: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<(String, Text)>, PortError>> {
        Box::pin(async move {
            let mut asked = HashMap::new();
            let mut by_kind: Vec<(Kind, Vec<[u8; 16]>)> =
                [Kind::Tool, Kind::Request, Kind::Announcement]
                    .into_iter()
                    .map(|kind| (kind, Vec::new()))
                    .collect();
            for subject in subjects {
                let Some((kind, id)) = thing(&subject) else {
                    continue;
                };
                asked.insert(id, subject);
                for (of, ids) in &mut by_kind {
                    if *of == kind {
                        ids.push(id);
                    }
                }
            }
            let by_kind = Arc::new(by_kind);
            let found = self
                .0
                .read(move |tx| {
                    let by_kind = Arc::clone(&by_kind);
                    Box::pin(async move {
                        let mut found = Vec::new();
                        for (kind, ids) in by_kind.iter() {
                            found.extend(names(tx, *kind, ids).await?);
                        }
                        Ok(found)
                    })
                })
                .await
                .map_err(|cause: DbError| PortError::Unavailable(cause.to_string()))?;
            let said = |(id, name)| Some((asked.get(&id)?.clone(), name));
            Ok(found.into_iter().filter_map(said).collect())
        })
    }
}
