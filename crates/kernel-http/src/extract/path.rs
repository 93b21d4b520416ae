//! The path's parameters: what cannot be one names nothing.

use axum::extract::{FromRequestParts, Path};
use http::request::Parts;
use kernel::Problem;
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// Typed parameters of the path; 404 when they are not of their type.
#[derive(Debug, Clone)]
pub struct ApiPath<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for ApiPath<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        Path::<T>::from_request_parts(parts, state)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|_| ApiError(Problem::not_found()))
    }
}
