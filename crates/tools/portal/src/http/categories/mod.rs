//! `/api/v1/admin/categories`.

pub(crate) mod list;
