//! An import of the directory that has ended is told to whom started it.

use kernel::port::{Notice, Urgency};
use kernel::{BoxFuture, Event};
use kernel_db::{ConsumeError, Consumer, Tx};

use super::Inbox;
use crate::domain::news::NewNotice;
use crate::texts::news as texts;

/// The consumer.
pub(crate) struct ImportDone {
    /// Where the notice goes.
    pub(crate) inbox: Inbox,
}

impl Consumer for ImportDone {
    fn name(&self) -> &'static str {
        "portal.inbox.import_done"
    }

    fn kinds(&self) -> &'static [&'static str] {
        &["identity.import.done"]
    }

    fn consume<'a>(
        &'a self,
        tx: &'a mut Tx,
        event: &'a Event,
    ) -> BoxFuture<'a, Result<(), ConsumeError>> {
        Box::pin(async move {
            let Some(notice) = notice(event) else {
                return Ok(());
            };
            let notice = NewNotice::parse(notice)
                .map_err(|cause| ConsumeError::Refused(format!("the notice's {cause}")))?;
            self.inbox
                .put_and_ring_later(tx, &notice, self.inbox.clock.now())
                .await?;
            Ok(())
        })
    }
}

/// What is told; none when nobody started it.
fn notice(event: &Event) -> Option<Notice> {
    let count = |name: &str| event.data.get(name).and_then(serde_json::Value::as_u64);
    let failed = event.data.get("state").and_then(|state| state.as_str()) == Some("failed");
    let counts = count("created").zip(count("updated"));
    Some(Notice {
        to: event.actor?,
        source: "identity".to_owned(),
        kind: event.kind.clone(),
        urgency: Urgency::Normal,
        dedup: Some(event.id.to_string()),
        title: if failed {
            texts::IMPORT_FAILED
        } else {
            texts::IMPORT_DONE
        },
        detail: counts.map(|(created, updated)| texts::import_counts(created, updated)),
        link: Some("/administration/agents/import".to_owned()),
        action: None,
        until: None,
    })
}
