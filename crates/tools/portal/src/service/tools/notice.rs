//! Saying how a tool does: disturbed, or down.

use std::sync::Arc;

use kernel::{Act, Caller, Text, Timestamp};
use kernel_db::Tx;

use super::super::Portal;
use super::super::act::{Done, record};
use super::subject;
use crate::domain::{Level, TileId, ToolNotice};
use crate::error::PortalError;
use crate::{store, texts};

impl Portal {
    /// Says how a tool does, on the pages of its audience. `since` stays while the level does.
    ///
    /// # Errors
    /// [`PortalError::Invalid`] for the level `up` or an end in the past.
    pub(crate) async fn put_notice(
        &self,
        caller: &Caller,
        id: TileId,
        level: Level,
        message: Text,
        until: Option<Timestamp>,
    ) -> Result<ToolNotice, PortalError> {
        let now = self.clock.now();
        if level == Level::Up {
            return Err(invalid("level", texts::tool::NOTICE_LEVEL));
        }
        if until.is_some_and(|until| until <= now) {
            return Err(invalid("until", texts::tool::NOTICE_OVER));
        }
        let (tool, _) = self.administered(caller, id).await?;
        let before = tool
            .notice
            .as_ref()
            .filter(|notice| notice.level == level && notice.holds_at(now));
        let notice = ToolNotice {
            level,
            message,
            since: before.map_or(now, |notice| notice.since),
            until,
        };
        let work = Arc::new((tool.clone(), notice.clone(), caller.actor()));
        let rng = Arc::clone(&self.rng);
        self.db
            .write(move |tx: &mut Tx| {
                let (work, rng) = (Arc::clone(&work), Arc::clone(&rng));
                Box::pin(async move {
                    let (tool, notice, actor) = work.as_ref();
                    store::put_notice(tx, tool.id, notice, actor.agent).await?;
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act: Act("portal.notice.set"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({
                            "level": notice.level.word(),
                            "until": notice.until,
                        }),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok::<(), PortalError>(())
                })
            })
            .await?;
        self.tiles_changed(vec![tool.fields.audience], now);
        Ok(notice)
    }

    /// Takes back what was said of a tool's state; nothing said is nothing done.
    ///
    /// # Errors
    /// [`PortalError::NotFound`], or [`PortalError::Forbidden`] when it is another's.
    pub(crate) async fn clear_notice(
        &self,
        caller: &Caller,
        id: TileId,
    ) -> Result<(), PortalError> {
        let (tool, _) = self.administered(caller, id).await?;
        let now = self.clock.now();
        let work = Arc::new((tool.clone(), caller.actor(), Arc::clone(&self.rng)));
        self.db
            .write(move |tx: &mut Tx| {
                let work = Arc::clone(&work);
                Box::pin(async move {
                    let (tool, actor, rng) = work.as_ref();
                    if !store::clear_notice(tx, tool.id).await? {
                        return Ok(());
                    }
                    store::raise_revision(tx).await?;
                    let done = Done {
                        act: Act("portal.notice.clear"),
                        organisation: tool.organisation,
                        actor: *actor,
                        subject: subject(tool.id),
                        data: serde_json::json!({}),
                    };
                    record(tx, rng.as_ref(), now, done).await?;
                    Ok::<(), PortalError>(())
                })
            })
            .await?;
        self.tiles_changed(vec![tool.fields.audience], now);
        Ok(())
    }
}

const fn invalid(field: &'static str, said: Text) -> PortalError {
    PortalError::Invalid { field, said }
}
