//! `/api/v1/favourites`.

pub(crate) mod put;
