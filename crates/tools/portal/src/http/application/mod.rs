//! `/api/v1/application/…`: what an application says of itself, with its own token.

pub(crate) mod put_badge;
pub(crate) mod put_search;
