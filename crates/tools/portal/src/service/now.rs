//! *Maintenant*: what the tools have for the caller at this very moment.
//!
//! Each source has 300 ms; one that fails or is late is left out and logged, and the page is
//! shown all the same.

use std::sync::Arc;
use std::time::Duration;

use kernel::Caller;
use kernel::Role;
use kernel::port::{Now, NowItem, PortError};

use super::Portal;
use super::requests::WAITING_FOR;
use crate::domain::{Request, RequestKind, RequestState};
use crate::error::PortalError;
use crate::texts;

/// What a source may take.
const MOST: Duration = Duration::from_millis(300);
/// Lines that are shown.
const LINES: usize = 20;

impl Portal {
    /// The lines of every source, by when they begin.
    pub(super) async fn now_items(&self, caller: &Caller) -> Vec<NowItem> {
        let asked = self
            .nows
            .iter()
            .map(|source| asked(Arc::clone(source), caller.clone()));
        let others = futures_util::future::join_all(asked);
        let own = tokio::time::timeout(MOST, self.waiting_requests(caller));
        let (others, own) = tokio::join!(others, own);
        let mut lines: Vec<NowItem> = others.into_iter().flatten().collect();
        match own {
            Ok(Ok(waiting)) => lines.extend(waiting),
            Ok(Err(error)) => tracing::warn!(%error, "requests are left out of the home page"),
            Err(_) => tracing::warn!("requests are late and left out of the home page"),
        }
        let now = self.clock.now();
        lines.retain(|line| now < line.until);
        // What begins or began first stands first; what is simply due follows by its end.
        lines.sort_by(|one, other| {
            let key = |line: &NowItem| (line.at.unwrap_or(line.until), line.id.clone());
            key(one).cmp(&key(other))
        });
        lines.truncate(LINES);
        lines
    }

    /// What waits for the caller as an administrator.
    async fn waiting_requests(&self, caller: &Caller) -> Result<Vec<NowItem>, PortalError> {
        if self.must_hold(caller, Role::Administrator).is_err() {
            return Ok(Vec::new());
        }
        let organisations = self.organisations().await?;
        let mut requests = self
            .asked_of(caller, RequestState::Pending, &organisations)
            .await?;
        requests.truncate(LINES);
        let askers = requests.iter().map(|request| request.asked_by).collect();
        let names = self.names(organisations, askers).await?;
        let line = |request: &Request| line(request, names.agent(request.asked_by));
        Ok(requests.iter().map(line).collect())
    }
}

async fn asked(source: Arc<dyn Now>, caller: Caller) -> Vec<NowItem> {
    let answer = match tokio::time::timeout(MOST, source.now(caller)).await {
        Ok(answer) => answer,
        Err(_) => Err(PortError::Unavailable("late".to_owned())),
    };
    answer.unwrap_or_else(|error| {
        tracing::warn!(%error, "a source is left out of the home page");
        Vec::new()
    })
}

fn line(request: &Request, asker: Option<&str>) -> NowItem {
    let (title, detail) = match &request.kind {
        RequestKind::Tool { .. } => (texts::request::tool_asked(asker, &request.name), None),
        RequestKind::Audience { agents, .. } => (
            texts::request::audience_asked(asker, &request.name),
            Some(texts::request::agents_of_yours(*agents)),
        ),
    };
    NowItem {
        id: request.id.to_string(),
        source: "portal".to_owned(),
        at: Some(request.asked_at),
        until: request.asked_at.plus(WAITING_FOR),
        title,
        detail,
        icon: "checkbox-circle-line".to_owned(),
        action: texts::request::EXAMINE,
        link: texts::request::LINK.to_owned(),
    }
}
