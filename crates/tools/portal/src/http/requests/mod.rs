//! `/api/v1/requests` and `/api/v1/admin/requests`.

mod body;

pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod mine;
pub(crate) mod refuse;
pub(crate) mod withdraw;
