//! `GET /api/v1/admin/categories`: where a tool may stand.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, Lang, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::Portal;

/// A category to choose.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryChoiceBody {
    /// Its id.
    id: String,
    /// Its title, in the language of the answer.
    title: String,
    /// Colour family: `blue`, `teal`, `rust`, `sand`, `plum` or `green`.
    family: &'static str,
}

/// Categories in the order of the page.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CategoryListBody {
    /// The categories.
    items: Vec<CategoryChoiceBody>,
}

/// The categories among which a tool may stand.
#[utoipa::path(
    get,
    path = "/api/v1/admin/categories",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::AdminTools.word()])),
    operation_id = "listCategories",
    responses(
        (status = 200, description = "The categories", body = CategoryListBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 403, description = "The caller administers nothing (problem `forbidden`)"),
    )
)]
pub(crate) async fn list_categories(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    Lang(locale): Lang,
) -> Result<Json<CategoryListBody>, ApiError> {
    let categories = portal.categories(&caller).await?;
    let items = categories
        .iter()
        .map(|category| CategoryChoiceBody {
            id: category.id.to_string(),
            title: category.title.get(locale).to_owned(),
            family: category.family.word(),
        })
        .collect();
    Ok(Json(CategoryListBody { items }))
}
