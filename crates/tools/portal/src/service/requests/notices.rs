//! Telling who decides that something is asked, and who asked what was decided. A job, so that
//! nobody stays untold when the program stops between the two; saying it twice does no harm.

use std::sync::Arc;

use kernel::port::{Directory, Notice, Notify, PortError, Urgency};
use kernel::{AgentId, Role, Text, Timestamp};
use kernel_db::{BoxFuture, Db, DbError, JobError, JobHandler, NewJob, Tx};

use crate::domain::{Request, RequestId, RequestKind, RequestState};
use crate::{store, texts};

const KIND: &str = "portal.request.notices";

/// Tells later whoever decides.
///
/// # Errors
/// What the database says.
pub(in crate::service) async fn announce_asked(
    tx: &mut Tx,
    id: RequestId,
    now: Timestamp,
) -> Result<(), DbError> {
    announce(tx, id, "asked", now).await
}

/// Tells later whoever asked.
///
/// # Errors
/// What the database says.
pub(super) async fn announce_decided(
    tx: &mut Tx,
    id: RequestId,
    now: Timestamp,
) -> Result<(), DbError> {
    announce(tx, id, "decided", now).await
}

async fn announce(
    tx: &mut Tx,
    id: RequestId,
    moment: &'static str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.enqueue(NewJob {
        kind: KIND,
        payload: serde_json::json!({ "request": id, "moment": moment }),
        run_at: now,
        dedup: Some(format!("{id}:{moment}")),
    })
    .await
}

/// Says it.
pub(crate) struct RequestNotices {
    directory: Arc<dyn Directory>,
    notify: Arc<dyn Notify>,
}

impl RequestNotices {
    /// Through these.
    pub(crate) fn new(directory: Arc<dyn Directory>, notify: Arc<dyn Notify>) -> Self {
        Self { directory, notify }
    }

    async fn tell(&self, request: &Request, moment: &str) -> Result<(), PortError> {
        let (to, notice) = match moment {
            "asked" if request.state == RequestState::Pending => {
                let deciders = self
                    .directory
                    .holders(Role::Administrator, request.organisation)
                    .await?;
                let asker = self.directory.people(vec![request.asked_by]).await?;
                let asker = asker.first().map(kernel::port::Person::display_name);
                (deciders, asked(request, asker.as_deref()))
            }
            "decided" => (vec![request.asked_by], decided(request)),
            // Answered or withdrawn meanwhile: nobody has to look any more.
            _ => return Ok(()),
        };
        if to.is_empty() {
            tracing::warn!(request = %request.id, "nobody administers what is asked");
        }
        for agent in to {
            let mut notice = notice.clone();
            notice.to = agent;
            self.notify.notify(notice).await?;
        }
        Ok(())
    }
}

impl JobHandler for RequestNotices {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn run<'a>(
        &'a self,
        db: &'a Db,
        payload: &'a serde_json::Value,
    ) -> BoxFuture<'a, Result<(), JobError>> {
        Box::pin(async move {
            let told = payload.get("request").and_then(serde_json::Value::as_str);
            let id = told.and_then(|text| RequestId::parse(text).ok());
            let moment = payload.get("moment").and_then(serde_json::Value::as_str);
            let (Some(id), Some(moment)) = (id, moment) else {
                return Err(JobError::Failed("the payload names no request".to_owned()));
            };
            let request = db
                .read(move |tx| Box::pin(async move { store::request(tx, id).await }))
                .await?;
            // A request that left with its tool concerns nobody.
            let Some(request) = request else {
                return Ok(());
            };
            let told = self.tell(&request, moment).await;
            told.map_err(|error| JobError::Failed(error.to_string()))
        })
    }
}

fn asked(request: &Request, asker: Option<&str>) -> Notice {
    let detail = match &request.kind {
        RequestKind::Tool { purpose } => {
            let short: String = purpose.chars().take(400).collect();
            Text::made(short.clone(), short)
        }
        RequestKind::Audience { agents, .. } => texts::request::agents_of_yours(*agents),
    };
    let title = match &request.kind {
        RequestKind::Tool { .. } => texts::request::tool_asked(asker, &request.name),
        RequestKind::Audience { .. } => texts::request::audience_asked(asker, &request.name),
    };
    Notice {
        to: AgentId::from_u128(0),
        source: "portal".to_owned(),
        kind: "portal.request.asked".to_owned(),
        urgency: Urgency::Normal,
        dedup: Some(format!("request:{}", request.id)),
        title: short(&title),
        detail: Some(detail),
        link: Some(texts::request::LINK.to_owned()),
        action: Some(texts::request::EXAMINE),
        // Without an end: the request itself stands under *Maintenant* until it is answered.
        until: None,
    }
}

fn decided(request: &Request) -> Notice {
    let approved = request.state == RequestState::Approved;
    let title = match &request.kind {
        RequestKind::Tool { .. } => texts::request::tool_decided(approved, &request.name),
        RequestKind::Audience { .. } => texts::request::audience_decided(approved, &request.name),
    };
    let reason = request.reason.clone();
    Notice {
        to: AgentId::from_u128(0),
        source: "portal".to_owned(),
        kind: "portal.request.decided".to_owned(),
        urgency: Urgency::Normal,
        dedup: Some(format!("request:{}:decided", request.id)),
        title: short(&title),
        detail: reason.map(|reason| Text::made(reason.clone(), reason)),
        link: None,
        action: None,
        until: None,
    }
}

/// A title within the 140 characters of a notice.
fn short(title: &Text) -> Text {
    let cut = |text: &str| {
        if text.chars().count() <= 140 {
            return text.to_owned();
        }
        let start: String = text.chars().take(139).collect();
        format!("{start}…")
    };
    Text::made(cut(&title.fr), cut(&title.en))
}
