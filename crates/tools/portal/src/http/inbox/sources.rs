//! `GET /api/v1/inbox/sources`: who tells the caller something, for the choice of whom to mute.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::Locale;
use kernel_http::{ApiError, Lang, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::news::InboxSource;
use crate::service::News;
use crate::texts::news::source_name;

/// The sources of an inbox.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InboxSourcesBody {
    /// Whoever told something last first, 100 at most.
    items: Vec<InboxSourceBody>,
}

/// One source, in the language of the answer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InboxSourceBody {
    /// As `mutedSources` of the settings names it.
    #[schema(example = "frais-de-mission")]
    source: String,
    /// Its name.
    source_name: String,
}

impl InboxSourceBody {
    fn of(InboxSource { source, name }: InboxSource, locale: Locale) -> Self {
        let named = name.or_else(|| source_name(&source));
        let source_name = named.map_or_else(|| source.clone(), |text| text.get(locale).to_owned());
        Self {
            source,
            source_name,
        }
    }
}

/// Who has told the caller what their inbox still holds.
#[utoipa::path(
    get,
    path = "/api/v1/inbox/sources",
    tag = "inbox",
    security(("session" = []), ("token" = [kernel::TokenScope::InboxRead.word()])),
    operation_id = "listInboxSources",
    responses(
        (status = 200, description = "Sources, whoever told something last first", body = InboxSourcesBody),
        (status = 401, description = "Problem `sign-in-required`"),
    )
)]
pub(crate) async fn list_sources(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    Lang(locale): Lang,
) -> Result<Json<InboxSourcesBody>, ApiError> {
    let found = news.inbox.sources(caller.agent).await?;
    let items = found.into_iter();
    Ok(Json(InboxSourcesBody {
        items: items.map(|one| InboxSourceBody::of(one, locale)).collect(),
    }))
}
