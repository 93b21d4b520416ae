//! What can go wrong in the portal, and what a person is told of it.

use kernel::port::PortError;
use kernel::{Problem, Text};
use kernel_db::DbError;
use kernel_http::ApiError;
use kernel_http::etag::precondition_failed;

use crate::domain::{CategoryId, PublicationError, RequestStateError, TileId};
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
    /// A token asks for what no token does.
    #[error("closed to tokens")]
    ClosedToTokens,
    /// Not the caller's to do.
    #[error("not allowed")]
    Forbidden,
    /// No such thing, or none that the caller may know of.
    #[error("not found")]
    NotFound,
    /// A value that cannot be.
    #[error("{field}: {}", said.en)]
    Invalid {
        /// The member of the body.
        field: &'static str,
        /// What is wrong with it.
        said: Text,
    },
    /// A tool's state does not allow the act.
    #[error(transparent)]
    WrongState(#[from] PublicationError),
    /// A request was answered or withdrawn already.
    #[error(transparent)]
    RequestEnded(#[from] RequestStateError),
    /// Somebody else edited it meanwhile.
    #[error("edited by somebody else meanwhile")]
    Outdated,
    /// All agents would see it, and nobody said that it is meant.
    #[error("for all {count} agents, unconfirmed")]
    Everybody {
        /// How many.
        count: u64,
    },
    /// A tool of the configuration, which is not edited here.
    #[error("a tool of the configuration")]
    Configured,
    /// No category for a draft to stand in.
    #[error("there is no category")]
    NoCategory,
    /// An agent has too many requests waiting.
    #[error("{most} requests wait already")]
    TooManyRequests {
        /// The limit.
        most: u32,
    },
    /// Who registers applications refuses this one.
    #[error("the application was refused: {0}")]
    ApplicationRefused(String),
    /// Another tool did not answer.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

impl PortalError {
    /// What a registration that failed means here.
    pub(crate) fn from_registration(error: PortError) -> Self {
        match error {
            PortError::Refused(why) => Self::ApplicationRefused(why),
            other => Self::Port(other),
        }
    }
}

impl From<PortalError> for ApiError {
    fn from(error: PortalError) -> Self {
        let problem = match &error {
            PortalError::UnknownCategory { .. } => {
                Problem::new(422, "unknown-category", texts::tool::UNKNOWN_CATEGORY)
            }
            PortalError::ClosedToTokens => kernel_http::tokens::closed(),
            PortalError::Forbidden => Problem::forbidden(),
            PortalError::NotFound => Problem::not_found(),
            PortalError::Invalid { field, said } => {
                Problem::new(422, "invalid-value", said.clone())
                    .with_extension("field", serde_json::json!(field))
            }
            PortalError::WrongState(error) => {
                Problem::new(409, "tool-state", texts::tool::WRONG_STATE)
                    .with_extension("state", serde_json::json!(error.state.word()))
            }
            PortalError::RequestEnded(error) => {
                Problem::new(409, "request-ended", texts::request::ENDED)
                    .with_extension("state", serde_json::json!(error.state.word()))
            }
            PortalError::Outdated => return precondition_failed(serde_json::Value::Null),
            PortalError::Everybody { count } => {
                Problem::new(409, "audience-everybody", texts::tool::everybody(*count))
                    .with_detail(texts::tool::CONFIRM_EVERYBODY)
                    .with_extension("count", serde_json::json!(count))
            }
            PortalError::Configured => Problem::new(409, "configured", texts::tool::CONFIGURED),
            PortalError::NoCategory => {
                Problem::new(409, "no-category", texts::request::NO_CATEGORY)
            }
            PortalError::TooManyRequests { most } => {
                Problem::new(429, "too-many-requests", texts::request::too_many(*most))
            }
            PortalError::ApplicationRefused(why) => {
                Problem::new(422, "application-refused", texts::tool::APPLICATION_REFUSED)
                    .with_detail(Text::made(why.clone(), why.clone()))
            }
            PortalError::Port(PortError::Unavailable(_)) => {
                tracing::warn!(%error, "another tool does not answer");
                Problem::unavailable(2)
            }
            PortalError::Port(PortError::Refused(_) | PortError::Failed(_)) => {
                tracing::error!(%error, "another tool failed");
                Problem::internal()
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
