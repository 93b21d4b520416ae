//! What a page needs to know of the request.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use http::request::Parts;
use http::{Extensions, HeaderMap, Uri};
use kernel::{Locale, Problem, RequestId};

use super::local_path;
use crate::extract::{ThemeChoice, locale_of};
use crate::problem::ApiError;
use crate::site::Site;
use crate::{House, RequestContext};

/// An argument of the handlers that answer pages.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// Public facts of the instance; none only outside [`crate::app`].
    pub(crate) site: Option<Arc<Site>>,
    /// The reader's language.
    pub locale: Locale,
    /// The reader's theme.
    pub theme: ThemeChoice,
    /// Path and query of this page.
    pub here: String,
    /// The request's id.
    pub request_id: Option<RequestId>,
}

impl PageContext {
    pub(crate) fn of(request: &Request) -> Self {
        Self::read(request.headers(), request.extensions(), request.uri())
    }

    fn read(headers: &HeaderMap, extensions: &Extensions, uri: &Uri) -> Self {
        let context = extensions.get::<RequestContext>();
        Self {
            site: extensions
                .get::<House>()
                .map(|house| Arc::clone(&house.site)),
            locale: context.map_or_else(|| locale_of(headers), |context| context.locale),
            theme: ThemeChoice::of(headers),
            here: local_path(uri.path_and_query().map_or("/", |target| target.as_str())),
            request_id: context.map(|context| context.id),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PageContext {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let context = Self::read(&parts.headers, &parts.extensions, &parts.uri);
        if context.site.is_none() {
            return Err(ApiError(Problem::internal()));
        }
        Ok(context)
    }
}
