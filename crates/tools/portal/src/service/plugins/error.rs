//! Why an application's wish is refused.

use kernel::Problem;
use kernel::port::PortError;
use kernel_db::DbError;
use kernel_http::{ApiError, OutgoingError};

use crate::domain::AddressError;
use crate::error::PortalError;
use crate::texts::plugin as texts;

/// A wish of an application that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PluginError {
    /// No tile leads to the application.
    #[error("the application has no tile")]
    NoTile,
    /// The agent does not see its tile, or does not exist: which of the two is not said.
    #[error("the agent does not see the application's tile")]
    UnknownAgent,
    /// Not an address of the web.
    #[error("not an address: {0}")]
    Address(#[from] AddressError),
    /// An address that is not to be reached from here.
    #[error("not an allowed address: {0}")]
    Refused(#[from] OutgoingError),
    /// The directory.
    #[error("the directory: {0}")]
    Directory(#[from] PortError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl From<PluginError> for ApiError {
    fn from(error: PluginError) -> Self {
        Self(match error {
            PluginError::NoTile => Problem::new(404, "application-without-tool", texts::NO_TILE)
                .with_detail(texts::NO_TILE_DETAIL),
            PluginError::UnknownAgent => Problem::new(404, "unknown-agent", texts::UNKNOWN_AGENT),
            PluginError::Address(_) => Problem::new(422, "search-address", texts::ADDRESS)
                .with_detail(texts::ADDRESS_DETAIL),
            PluginError::Refused(_) => Problem::new(422, "search-address", texts::ADDRESS)
                .with_detail(texts::ADDRESS_INSIDE),
            PluginError::Directory(cause) => {
                tracing::warn!(%cause, "the directory does not answer");
                Problem::unavailable(2)
            }
            PluginError::Database(cause) => return Self::from(PortalError::from(cause)),
        })
    }
}
