//! `PUT /api/v1/favourites`: the caller’s favourites, in their order.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kernel_http::{ApiError, ApiJson, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::TileId;
use crate::service::Portal;

/// Favourites in their order.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct FavouritesBody {
    /// Ids of tiles, 24 at most.
    #[schema(value_type = Vec<String>, max_items = 24)]
    tiles: Vec<TileId>,
}

/// Puts the caller's favourites in this order; what the caller does not see is left out.
#[utoipa::path(
    put,
    path = "/api/v1/favourites",
    tag = "portal",
    operation_id = "putFavourites",
    request_body = FavouritesBody,
    responses(
        (status = 200, description = "The favourites as kept", body = FavouritesBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 422, description = "Over 24 (problem `invalid-value`)"),
    )
)]
pub(crate) async fn put_favourites(
    State(portal): State<Arc<Portal>>,
    Signed(caller): Signed,
    ApiJson(input): ApiJson<FavouritesBody>,
) -> Result<Json<FavouritesBody>, ApiError> {
    let tiles = portal.put_favourites(&caller, input.tiles).await?;
    Ok(Json(FavouritesBody { tiles }))
}
