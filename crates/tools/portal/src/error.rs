//! What can go wrong in the portal, and what a person is told of it.

use kernel::Problem;
use kernel_db::DbError;
use kernel_http::ApiError;

use crate::domain::{CategoryId, TileId};
use crate::texts;

/// A use case of the portal that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PortalError {
    /// A tile names a category that neither exists nor comes with it.
    #[error("tile {tile} names category {category}, which does not exist")]
    UnknownCategory {
        /// Which tile.
        tile: TileId,
        /// What it names.
        category: CategoryId,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<PortalError> for ApiError {
    fn from(error: PortalError) -> Self {
        let problem = match &error {
            PortalError::UnknownCategory { .. } => {
                Problem::new(422, "unknown-category", texts::tool::UNKNOWN_CATEGORY)
            }
            PortalError::Database(
                DbError::Unreachable(_) | DbError::Busy | DbError::Closed | DbError::Conflict,
            ) => {
                tracing::warn!(%error, "the portal's tables cannot be read now");
                Problem::unavailable(2).with_detail(texts::home::TOOLS_STILL_ANSWER)
            }
            PortalError::Database(_) => {
                tracing::error!(%error, "the portal's tables cannot be read");
                Problem::internal().with_detail(texts::home::TOOLS_STILL_ANSWER)
            }
        };
        Self(problem)
    }
}
