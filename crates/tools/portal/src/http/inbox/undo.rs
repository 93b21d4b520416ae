//! `POST /api/v1/inbox/undo`: takes the reading of everything back.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel_http::{ApiError, ApiJson, SignedOrGuest};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::news_error::NewsError;
use crate::service::News;

/// What is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndoForm {
    /// `undo` of the answer to `read-all`.
    token: String,
}

/// What became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UndoneBody {
    /// How many are unread again.
    unread: u64,
}

/// Marks what was read by one `read-all` as unread again, within a minute.
#[utoipa::path(
    post,
    path = "/api/v1/inbox/undo",
    tag = "inbox",
    operation_id = "undoReadAll",
    request_body = UndoForm,
    responses(
        (status = 200, description = "How many are unread again", body = UndoneBody),
        (status = 401, description = "Problem `sign-in-required`"),
        (status = 410, description = "Too late, or nothing was read so (problem `undo-expired`)"),
    )
)]
pub(crate) async fn undo(
    State(news): State<Arc<News>>,
    SignedOrGuest(caller): SignedOrGuest,
    ApiJson(form): ApiJson<UndoForm>,
) -> Result<Json<UndoneBody>, ApiError> {
    let mark = mark(&form.token).ok_or(NewsError::UndoExpired)?;
    let unread = news.inbox.undo(caller.agent, mark).await?;
    Ok(Json(UndoneBody { unread }))
}

/// The wire's form of a mark: 32 hexadecimal digits.
pub(super) fn token(mark: [u8; 16]) -> String {
    format!("{:032x}", u128::from_be_bytes(mark))
}

fn mark(token: &str) -> Option<[u8; 16]> {
    let plain = token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    let number = plain
        .then(|| u128::from_str_radix(token, 16).ok())
        .flatten()?;
    Some(number.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_survives_its_token_and_nothing_else_is_one() {
        let bytes = [7; 16];
        assert_eq!(mark(&token(bytes)), Some(bytes));
        assert_eq!(mark(&token([0; 16])), Some([0; 16]));
        for other in [
            "",
            "07",
            "+7070707070707070707070707070707",
            &"g".repeat(32),
        ] {
            assert_eq!(mark(other), None, "{other}");
        }
    }
}
