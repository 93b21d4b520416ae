//! Agents' tokens without a sign-in.

use std::sync::Mutex;

use kernel::{Caller, Secret, TokenScope};
use kernel_http::{BoxFuture, SessionsError, TokenHolder, Tokens};

/// Whose each token is.
#[derive(Debug, Default)]
pub struct FakeTokens(Mutex<Vec<(String, TokenHolder)>>);

impl FakeTokens {
    /// Gives a token of an agent for these scopes.
    pub fn open(&self, caller: Caller, scopes: &[TokenScope]) -> Secret {
        let mut open = self.0.lock().expect("tokens");
        let token = format!("besace_{}", open.len());
        let scopes = scopes.to_vec();
        open.push((token.clone(), TokenHolder { caller, scopes }));
        Secret::new(token)
    }
}

impl Tokens for FakeTokens {
    fn holder<'a>(
        &'a self,
        token: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<TokenHolder>, SessionsError>> {
        let open = self.0.lock().expect("tokens");
        let found = open.iter().find(|(known, _)| token.matches(known));
        let found = found.map(|(_, holder)| holder.clone());
        Box::pin(async move { Ok(found) })
    }
}
