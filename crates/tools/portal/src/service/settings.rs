//! Quiet hours and digests, as each agent chooses them.

use std::sync::Arc;

use kernel::AgentId;
use kernel::port::Urgency;
use kernel_db::{DbError, Tx};
use kernel_http::etag::EntityTag;

use super::News;
use crate::domain::news::{Settings, SettingsForm, arrival};
use crate::news_error::NewsError;
use crate::store::news::{self as store, SettingsRow};

/// Settings with their version.
pub(crate) struct KeptSettings {
    /// As the wire shows them.
    pub(crate) form: SettingsForm,
    /// Zero: never written.
    pub(crate) version: i64,
}

impl News {
    fn kept(&self, row: &SettingsRow) -> KeptSettings {
        KeptSettings {
            form: row.settings.form(&self.inbox.zone),
            version: row.version,
        }
    }

    /// The settings of an agent.
    ///
    /// # Errors
    /// [`NewsError::Database`].
    pub(crate) async fn settings(&self, agent: AgentId) -> Result<KeptSettings, NewsError> {
        let row = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::find_settings(tx, agent)))
            .await
            .map_err(|error: DbError| error)?;
        Ok(self.kept(&row))
    }

    /// Changes the settings that were read under `tag`. What waits is planned anew under them.
    ///
    /// # Errors
    /// [`NewsError::Settings`] for one that cannot be, [`NewsError::Stale`] when they changed
    /// meanwhile.
    pub(crate) async fn change_settings(
        &self,
        agent: AgentId,
        form: &SettingsForm,
        tag: EntityTag,
    ) -> Result<KeptSettings, NewsError> {
        let settings = Settings::parse(form)?;
        let (inbox, chosen) = (self.inbox.clone(), Arc::new(settings));
        let now = self.clock.now();
        let written: Result<SettingsRow, SettingsRow> = self
            .db
            .write(move |tx: &mut Tx| {
                let (inbox, chosen) = (inbox.clone(), Arc::clone(&chosen));
                Box::pin(async move {
                    let current = store::find_settings(tx, agent).await?;
                    if !tag.is(current.version) {
                        return Ok(Err(current));
                    }
                    let version = current.version + 1;
                    let form = chosen.form(&inbox.zone);
                    store::write_settings(tx, agent, &form, version, now).await?;
                    replan(tx, agent, &inbox, &chosen).await?;
                    Ok::<_, DbError>(Ok(SettingsRow {
                        settings: chosen.as_ref().clone(),
                        version,
                    }))
                })
            })
            .await?;
        match written {
            Ok(row) => Ok(self.kept(&row)),
            Err(current) => {
                let shown = serde_json::to_value(self.kept(&current).form);
                Err(NewsError::Stale(shown.unwrap_or_default()))
            }
        }
    }
}

/// What is unread is treated as if it came now; but an urgent notice whose mail is about to leave is
/// not held back by what is saved just then.
async fn replan(
    tx: &mut Tx,
    agent: AgentId,
    inbox: &super::Inbox,
    settings: &Settings,
) -> Result<(), DbError> {
    let state = store::inbox_state(tx, agent).await?;
    let Some(state) = state.filter(|state| state.unread > 0) else {
        return Ok(());
    };
    let zone = settings.zone_or(&inbox.zone);
    let now = inbox.clock.now();
    // No source is muted by this name.
    let planned = arrival(settings, zone, Urgency::Normal, "", now);
    let due = state.wake_at.filter(|at| *at <= now);
    store::set_inbox_due(tx, agent, planned.digest_at, due.or(planned.wake_at)).await
}
