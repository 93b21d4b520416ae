//! `/api/v1/account`: an agent's own account.

pub(super) mod applications;
pub(super) mod export;
pub(super) mod sessions;
pub(super) mod tokens;

use utoipa::OpenApi as _;

/// The description of these endpoints.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = sessions::openapi();
    all.merge(applications::openapi());
    all.merge(export::ApiDoc::openapi());
    all.merge(tokens::openapi());
    all
}
