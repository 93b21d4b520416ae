//! The server's and the pool's errors, named for their cause.

use std::error::Error;

use deadpool_postgres::{HookError, PoolError};
use tokio_postgres::error::SqlState;

use crate::DbError;

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape that map_err takes"
)]
pub(super) fn driver_error(error: tokio_postgres::Error) -> DbError {
    let Some(answer) = error.as_db_error() else {
        let words = with_causes(&error);
        return if error.is_closed() {
            DbError::Unreachable(words)
        } else {
            DbError::Driver(words)
        };
    };
    let code = answer.code();
    let constraint = || answer.constraint().unwrap_or(answer.message()).to_owned();
    if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED {
        DbError::Conflict
    } else if *code == SqlState::UNIQUE_VIOLATION {
        DbError::Unique {
            constraint: constraint(),
        }
    } else if code.code().starts_with("23") {
        DbError::Constraint {
            constraint: constraint(),
        }
    } else if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        DbError::ReadOnly
    } else if *code == SqlState::DISK_FULL {
        DbError::Full
    } else if *code == SqlState::LOCK_NOT_AVAILABLE
        || *code == SqlState::QUERY_CANCELED
        || *code == SqlState::TOO_MANY_CONNECTIONS
    {
        DbError::Busy
    } else if code.code().starts_with("57P") || code.code().starts_with("28") {
        // Shutting down, starting up, or the account is refused.
        DbError::Unreachable(answer.message().to_owned())
    } else {
        DbError::Driver(format!("{} ({})", answer.message(), code.code()))
    }
}

pub(super) fn pool_error(error: &PoolError) -> DbError {
    match error {
        PoolError::Timeout(deadpool_postgres::TimeoutType::Wait) => DbError::Busy,
        PoolError::Timeout(_) => DbError::Unreachable("no answer in time".to_owned()),
        PoolError::Closed => DbError::Closed,
        PoolError::NoRuntimeSpecified => DbError::Driver(error.to_string()),
        PoolError::Backend(cause) | PoolError::PostCreateHook(HookError::Backend(cause)) => {
            DbError::Unreachable(with_causes(cause))
        }
        PoolError::PostCreateHook(cause) => DbError::Unreachable(cause.to_string()),
    }
}

/// The driver says "db error" and hides the cause beneath.
fn with_causes(error: &tokio_postgres::Error) -> String {
    if let Some(answer) = error.as_db_error() {
        return answer.message().to_owned();
    }
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        let text = deeper.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = deeper.source();
    }
    words
}
