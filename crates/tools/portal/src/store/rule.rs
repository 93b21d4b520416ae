//! Audience rules as JSON text.

use kernel::Audience;
use kernel_db::{DbError, Row};

use super::unreadable;

/// The stored text of a rule.
///
/// # Errors
/// [`DbError::Parameter`], which a rule never gives.
pub(super) fn text(audience: &Audience) -> Result<String, DbError> {
    serde_json::to_string(audience).map_err(|cause| DbError::Parameter(cause.to_string()))
}

/// The rule of a row's `audience`.
///
/// # Errors
/// When it is none that this release understands.
pub(super) fn read(row: &Row) -> Result<Audience, DbError> {
    parse(&row.get::<String>("audience")?)
}

/// The rule of a stored text.
///
/// # Errors
/// When it is none that this release understands.
pub(super) fn parse(text: &str) -> Result<Audience, DbError> {
    serde_json::from_str(text).map_err(|_| unreadable("audience", "an audience rule"))
}
