//! An application gives a token back (RFC 7009).
//!
//! Invariant: nothing of another application's is ever taken back.

use super::Identity;
use super::clients::Credentials;
use super::token::TokenError;
use crate::domain::client::Client;
use crate::error::IdentityError;
use crate::store;

impl Identity {
    /// Takes a token back; what is none of ours, or dead already, is as good as taken back.
    ///
    /// A refresh token takes with it all that its grant gave. An access token takes with it those
    /// that were given before it, and leaves the refresh token.
    pub(crate) async fn revoke_token(
        &self,
        credentials: &Credentials,
        token: &str,
    ) -> Result<(), TokenError> {
        let client = self.clients.authenticate(credentials).await?;
        if let Some(refresh) = self.open_refresh(token) {
            if refresh.client != client.id {
                return Err(TokenError::Grant);
            }
            let (grant, now) = (refresh.grant, self.house.clock.now());
            self.house
                .db
                .write(move |tx| Box::pin(store::grant::revoke(tx, grant, now)))
                .await?;
            return Ok(());
        }
        if let Some(access) = self.open_access(token) {
            return self.revoke_access(&client, access).await;
        }
        match self.open_own(token) {
            Some(own) if own.client != client.id => Err(TokenError::Grant),
            // It has no row that could say so; it ends after half an hour.
            Some(own) if self.house.clock.now() < own.expires_at => Err(TokenError::NotRevocable),
            _ => Ok(()),
        }
    }

    async fn revoke_access(
        &self,
        client: &Client,
        access: super::access::Access,
    ) -> Result<(), TokenError> {
        let (id, generation) = (access.grant, access.generation);
        let asking = client.id.clone();
        let own = self
            .house
            .db
            .write(move |tx| {
                let asking = asking.clone();
                Box::pin(async move {
                    let holder = store::grant::client_of(tx, id).await?;
                    if holder.is_some_and(|holder| holder != asking) {
                        return Ok(false);
                    }
                    store::grant::revoke_access(tx, id, generation).await?;
                    Ok::<_, IdentityError>(true)
                })
            })
            .await?;
        if own { Ok(()) } else { Err(TokenError::Grant) }
    }
}
