//! `GET /api/v1/inbox`: the caller's notices, latest first.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::port::Urgency;
use kernel::{Limit, Locale};
use kernel_http::{ApiError, ApiQuery, Lang, SignedOrGuest};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::news::{StoredNotice, urgency_word};
use crate::service::{InboxPage, News};
use crate::texts::news::source_name;

/// Which part.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only those not read yet.
    #[serde(default)]
    unread: bool,
    /// Where the part begins: `next` of the one before.
    cursor: Option<String>,
    /// How many, 1 to 200; 50 when absent.
    limit: Option<u16>,
}

/// A part of the inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxBody {
    /// Latest first.
    items: Vec<InboxNoticeBody>,
    /// Absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// How many are unread, in this part or not.
    unread: i64,
}

/// One notice, in the language of the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InboxNoticeBody {
    id: String,
    /// Which tool says it.
    #[schema(example = "frais-de-mission")]
    source: String,
    /// Its name.
    source_name: String,
    /// What kind of thing.
    kind: String,
    /// `low`, `normal` or `urgent`.
    urgency: &'static str,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// A path of ours, or `https`.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
    /// The label of what is to be done at the link.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    /// When it no longer matters, UTC milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// When it came.
    at: i64,
    /// When it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_at: Option<i64>,
}

/// The caller's notices.
#[utoipa::path(
    get,
    path = "/api/v1/inbox",
    tag = "inbox",
    security(("session" = []), ("token" = [kernel::TokenScope::InboxRead.word()])),
    operation_id = "listInbox",
    params(ListQuery),
    responses(
        (status = 200, description = "Notices, latest first", body = InboxBody),
        (status = 400, description = "Problem `invalid-cursor`"),
        (status = 401, description = "Problem `sign-in-required`"),
    )
)]
pub(crate) async fn list_inbox(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    Lang(locale): Lang,
    ApiQuery(query): ApiQuery<ListQuery>,
) -> Result<Json<InboxBody>, ApiError> {
    let limit = query.limit.map_or_else(Limit::default, Limit::new);
    let page = news
        .inbox
        .list(caller.agent, query.unread, query.cursor.as_deref(), limit)
        .await?;
    Ok(Json(body(page, locale)))
}

fn body(inbox: InboxPage, locale: Locale) -> InboxBody {
    InboxBody {
        items: inbox
            .page
            .items
            .into_iter()
            .map(|notice| notice_body(notice, locale))
            .collect(),
        next: inbox.page.next.map(|cursor| cursor.to_text()),
        unread: inbox.unread,
    }
}

fn notice_body(notice: StoredNotice, locale: Locale) -> InboxNoticeBody {
    let name = notice
        .source_name
        .or_else(|| source_name(&notice.source))
        .map_or_else(|| notice.source.clone(), |name| name.get(locale).to_owned());
    let urgency: Urgency = notice.urgency;
    InboxNoticeBody {
        id: notice.id.to_string(),
        source_name: name,
        source: notice.source,
        kind: notice.kind,
        urgency: urgency_word(urgency),
        title: notice.title.get(locale).to_owned(),
        detail: notice.detail.map(|text| text.get(locale).to_owned()),
        link: notice.link,
        action: notice.action.map(|text| text.get(locale).to_owned()),
        until: notice.until.map(kernel::Timestamp::millis),
        at: notice.at.millis(),
        read_at: notice.read_at.map(kernel::Timestamp::millis),
    }
}
