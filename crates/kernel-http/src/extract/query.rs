//! The query's parameters.

use axum::extract::{FromRequestParts, Query};
use http::request::Parts;
use kernel::{Problem, Text};
use serde::de::DeserializeOwned;

use crate::problem::ApiError;

/// Typed parameters of the query; 400 when they are not of their type.
#[derive(Debug, Clone)]
pub struct ApiQuery<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for ApiQuery<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(value)) => Ok(Self(value)),
            Err(rejection) => {
                let said = rejection.body_text();
                Err(ApiError(
                    Problem::new(
                        400,
                        "invalid-query",
                        Text::fixed(
                            "Les paramètres de cette adresse ne sont pas ceux attendus.",
                            "The parameters of this address are not the expected ones.",
                        ),
                    )
                    .with_detail(Text::made(said.clone(), said)),
                ))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::TestHouse;

    #[tokio::test]
    async fn typed_parameters_enter_and_others_are_refused() {
        let test = TestHouse::new().await;
        assert_eq!(
            test.get("/api/v1/test/item/7?count=2", &[]).await.text(),
            "7 2"
        );
        let path = test.get("/api/v1/test/item/seven?count=2", &[]).await;
        assert_eq!(path.status, 404);
        let query = test.get("/api/v1/test/item/7?count=two", &[]).await;
        assert_eq!(query.status, 400);
        assert_eq!(query.json()["type"], "/problems/invalid-query");
    }
}
