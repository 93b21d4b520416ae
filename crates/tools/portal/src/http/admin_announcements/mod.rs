//! `/api/v1/admin/announcements`: for announcers, and the administrators above them.

pub(crate) mod body;
pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod put;
pub(crate) mod readers;
pub(crate) mod withdraw;
