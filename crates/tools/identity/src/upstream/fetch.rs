//! The way out, behind a trait: the guarded client in the program, a provider in memory in tests.

use kernel_http::outgoing::{Answer, Options};
use kernel_http::{BoxFuture, Outgoing, OutgoingError};
use url::Url;

/// What fetches for the relying party.
pub trait Fetch: Send + Sync {
    /// Fetches an address.
    ///
    /// # Errors
    /// The cause, by name; a status is never an error here.
    fn get<'a>(
        &'a self,
        url: &'a Url,
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>>;

    /// Sends a form.
    ///
    /// # Errors
    /// The cause, by name; a status is never an error here.
    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        form: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>>;
}

impl Fetch for Outgoing {
    fn get<'a>(
        &'a self,
        url: &'a Url,
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        Box::pin(async move { Self::get(self, url, &options).await })
    }

    fn post_form<'a>(
        &'a self,
        url: &'a Url,
        form: &'a [(&'a str, &'a str)],
        options: Options<'a>,
    ) -> BoxFuture<'a, Result<Answer, OutgoingError>> {
        Box::pin(async move { Self::post_form(self, url, form, &options).await })
    }
}
