//! `POST /api/v1/inbox`: an application tells an agent something.

use std::sync::Arc;

use axum::{Json, extract::State};
use http::StatusCode;
use kernel::port::{Notice, Urgency};
use kernel::{AgentId, Text, Timestamp};
use kernel_http::{ApiError, ApiJson, Application};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::service::News;

/// A text in one language for both, or in each.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum TextForm {
    /// The same for everybody.
    Plain(String),
    /// In each language; English is French when absent.
    Both {
        /// French.
        fr: String,
        /// English.
        en: Option<String>,
    },
}

impl From<TextForm> for Text {
    fn from(form: TextForm) -> Self {
        match form {
            TextForm::Plain(text) => Self::made(text.clone(), text),
            TextForm::Both { fr, en } => {
                let en = en.unwrap_or_else(|| fr.clone());
                Self::made(fr, en)
            }
        }
    }
}

/// A notice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NoticeForm {
    /// Whom: the `sub` of an agent, or a professional address.
    to: String,
    /// What kind of thing, `tool.noun.verb`.
    #[schema(example = "mission.order.signed")]
    kind: String,
    /// `low`, `normal` (when absent) or `urgent`.
    #[schema(value_type = Option<String>)]
    urgency: Option<Urgency>,
    /// A second notice with the same key replaces the first, and is unread again.
    dedup: Option<String>,
    /// One line, 140 characters.
    title: TextForm,
    /// More, 500 characters.
    detail: Option<TextForm>,
    /// A path of ours, or `https`.
    link: Option<String>,
    /// The label of what is to be done at the link; with `until` it stands under *Maintenant*.
    action: Option<TextForm>,
    /// When it no longer matters, UTC milliseconds.
    until: Option<i64>,
}

/// What was accepted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PostedBody {
    /// The notice; that of the first when it was replaced.
    id: String,
}

/// Puts a notice in an agent's inbox.
#[utoipa::path(
    post,
    path = "/api/v1/inbox",
    tag = "inbox",
    operation_id = "postNotice",
    request_body = NoticeForm,
    responses(
        (status = 201, description = "Accepted", body = PostedBody),
        (status = 401, description = "Problem `token-required` or `invalid-token`"),
        (status = 403, description = "The token has no scope `inbox` (problem `insufficient-scope`)"),
        (status = 404, description = "No agent who sees this application"),
        (status = 422, description = "Problem `invalid-notice`, naming the `field`"),
        (status = 429, description = "Problem `too-many-notices`, naming the limit"),
    )
)]
pub(crate) async fn post_notice(
    State(news): State<Arc<News>>,
    application: Application,
    ApiJson(form): ApiJson<NoticeForm>,
) -> Result<(StatusCode, Json<PostedBody>), ApiError> {
    application.require("inbox")?;
    let bearer = application.0;
    let to = news.addressee(&bearer, &form.to).await?;
    let posted = news
        .post_notice(&bearer, notice(to, &bearer.client_id, form))
        .await?;
    let id = posted.to_string();
    Ok((StatusCode::CREATED, Json(PostedBody { id })))
}

fn notice(to: AgentId, client_id: &str, form: NoticeForm) -> Notice {
    Notice {
        to,
        source: client_id.to_owned(),
        kind: form.kind,
        urgency: form.urgency.unwrap_or(Urgency::Normal),
        dedup: form.dedup,
        title: form.title.into(),
        detail: form.detail.map(Text::from),
        link: form.link,
        action: form.action.map(Text::from),
        until: form.until.map(Timestamp::from_millis),
    }
}
