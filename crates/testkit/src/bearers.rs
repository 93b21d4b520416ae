//! Applications' tokens without a sign-in.

use std::sync::Mutex;

use kernel::Secret;
use kernel_http::{Bearer, Bearers, BoxFuture, SessionsError};

/// What each token proves.
#[derive(Debug, Default)]
pub struct FakeBearers(Mutex<Vec<(String, Bearer)>>);

impl FakeBearers {
    /// Gives a token that proves this.
    pub fn open(&self, bearer: Bearer) -> Secret {
        let mut open = self.0.lock().expect("tokens");
        let token = format!("token-{}-{}", open.len(), bearer.client_id);
        open.push((token.clone(), bearer));
        Secret::new(token)
    }

    /// Ends the tokens of an application.
    pub fn close(&self, client_id: &str) {
        self.0
            .lock()
            .expect("tokens")
            .retain(|(_, bearer)| bearer.client_id != client_id);
    }
}

impl Bearers for FakeBearers {
    fn bearer<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Bearer>, SessionsError>> {
        let found = self
            .0
            .lock()
            .expect("tokens")
            .iter()
            .find(|(known, _)| token.matches(known))
            .map(|(_, bearer)| bearer.clone());
        Box::pin(async move { Ok(found) })
    }
}
