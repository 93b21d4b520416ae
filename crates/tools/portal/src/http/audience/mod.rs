//! `/api/v1/admin/audience`.

pub(crate) mod describe;
pub(crate) mod test;
