//! Access tokens: sealed and opaque, each stands for a grant. Giving one writes nothing.
//!
//! Invariant: a token opens nothing once its grant is dead, was taken back, or its hour is over.

use std::sync::Arc;
use std::time::Duration;

use kernel::Timestamp;

use super::Identity;
use crate::domain::agent::Agent;
use crate::domain::client::Client;
use crate::domain::code::GrantId;
use crate::domain::organisation::Organisation;
use crate::domain::scope::ScopeSet;
use crate::error::IdentityError;
use crate::store;
use crate::store::grant::GrantRow;

/// How long an access token lives, as ProConnect's.
pub(crate) const LIFETIME: Duration = Duration::from_hours(1);
const PURPOSE: &str = "identity/access-token/1";
/// The longest token looked at, in bytes.
const LONGEST: usize = 1024;

/// An access token's content.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Access {
    #[serde(rename = "g")]
    pub(crate) grant: GrantId,
    #[serde(rename = "e")]
    pub(crate) expires_at: Timestamp,
    /// With which refresh token it was given.
    #[serde(rename = "n", default, skip_serializing_if = "is_first")]
    pub(crate) generation: u32,
    /// Fewer scopes than the grant's, when the application asked for fewer.
    #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
    pub(crate) scopes: Option<ScopeSet>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that serde calls"
)]
const fn is_first(generation: &u32) -> bool {
    *generation == 0
}

/// What a living token opens.
pub(crate) struct Opened {
    /// The grant, its scopes those of the token.
    pub(crate) grant: GrantRow,
    /// Whose.
    pub(crate) agent: Agent,
    /// The agent's administration.
    pub(crate) organisation: Organisation,
    /// To whom.
    pub(crate) client: Arc<Client>,
}

impl Identity {
    /// The text of a token.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn seal_access(&self, access: &Access) -> Result<String, IdentityError> {
        let bytes = serde_json::to_vec(access)?;
        let rng = self.house.rng.as_ref();
        Ok(self.sealer.seal(PURPOSE, &bytes, rng))
    }

    /// The token behind a text; none when it is not one of ours or its hour is over.
    pub(super) fn open_access(&self, text: &str) -> Option<Access> {
        if text.len() > LONGEST {
            return None;
        }
        let access: Access = serde_json::from_slice(&self.sealer.open(PURPOSE, text)?).ok()?;
        (self.house.clock.now() < access.expires_at).then_some(access)
    }

    /// What a token opens now. Its first use is noted, where a refresh gave it: from then on the
    /// answer that brought it was not lost.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) async fn opened_by(&self, access: &Access) -> Result<Option<Opened>, IdentityError> {
        let (id, generation) = (access.grant, access.generation);
        let now = self.house.clock.now();
        let found = self
            .house
            .db
            .read(move |tx| Box::pin(async move { store::grant::live(tx, id, now).await }))
            .await?;
        let found = found.filter(|(grant, _, _)| grant.line.honours(generation));
        let Some((mut grant, agent, organisation)) = found else {
            return Ok(None);
        };
        let client = self.clients.get(&grant.client).await?;
        let Some(client) = client.filter(|client| client.honours(grant.created_at)) else {
            return Ok(None);
        };
        if !self
            .may_have_guest(&grant.provider, agent.id, &client)
            .await?
        {
            return Ok(None);
        }
        if generation > grant.line.seen {
            self.house
                .db
                .write(move |tx| Box::pin(store::grant::saw(tx, id, generation)))
                .await?;
        }
        if let Some(scopes) = &access.scopes {
            grant.scopes = grant.scopes.within(scopes);
        }
        Ok(Some(Opened {
            grant,
            agent,
            organisation,
            client,
        }))
    }
}
