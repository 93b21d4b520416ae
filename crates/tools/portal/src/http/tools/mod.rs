//! `/api/v1/admin/tools`.

mod body;
mod input;

pub(crate) mod application_delete;
pub(crate) mod application_get;
pub(crate) mod application_post;
pub(crate) mod application_put;
pub(crate) mod check_address;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod notice_delete;
pub(crate) mod notice_put;
pub(crate) mod publish;
pub(crate) mod put;
pub(crate) mod withdraw;
