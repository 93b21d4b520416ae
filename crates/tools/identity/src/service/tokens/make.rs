//! A token is made: its secret leaves once, in the answer, and is nowhere else.

use std::sync::Arc;

use kernel::{Act, Caller, CredentialId, JournalEntry, Outcome, Rng, Secret, Timestamp};
use kernel_db::Tx;
use serde_json::json;

use crate::domain::credential::{MOST, Token, TokenRefusal, Wanted, new_secret};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;

impl Identity {
    /// Makes a token for the caller; its secret is never told again.
    ///
    /// # Errors
    /// When the caller has as many as may be or their session has ended, or the database refuses.
    pub(crate) async fn make_token(
        &self,
        caller: Caller,
        wanted: Wanted,
    ) -> Result<(Token, Secret), IdentityError> {
        let now = self.house.clock.now();
        let rng = Arc::clone(&self.house.rng);
        let id = CredentialId::new(now, rng.as_ref());
        let (secret, hash) = new_secret(rng.as_ref());
        let asked = Arc::new((caller, wanted));
        let token = self
            .house
            .db
            .write(move |tx| {
                let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
                Box::pin(async move {
                    let (caller, wanted) = &*asked;
                    make(tx, caller, wanted, (id, hash), now, rng.as_ref()).await
                })
            })
            .await?;
        Ok((token, secret))
    }
}

async fn make(
    tx: &mut Tx,
    caller: &Caller,
    wanted: &Wanted,
    (id, hash): (CredentialId, [u8; 32]),
    now: Timestamp,
    rng: &dyn Rng,
) -> Result<Token, IdentityError> {
    // A session that was ended while this was under way makes nothing that outlives it.
    let session = caller.session().ok_or(IdentityError::NoSession)?;
    let session = store::session::by_id(tx, session, now).await?;
    let session = session.ok_or(IdentityError::NoSession)?;
    if store::credential::count(tx, caller.agent, now).await? >= MOST {
        return Err(TokenRefusal::TooMany.into());
    }
    let token = wanted.token(id, session.provider, now);
    store::credential::insert(tx, caller.agent, &token, session.acr, hash).await?;
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.word()).collect();
    let entry = JournalEntry {
        at: now,
        organisation: Some(caller.organisation),
        actor: Some(caller.agent),
        act: Act("identity.token.make"),
        subject: format!("agent:{}", caller.agent),
        outcome: Outcome::Done,
        data: json!({ "token": id, "scopes": scopes, "expiresAt": token.expires_at.millis() }),
        personal: Some(token.name.clone()),
    };
    tx.journal(entry, rng).await?;
    Ok(token)
}
