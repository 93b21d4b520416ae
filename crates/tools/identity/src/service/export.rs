//! What this tool keeps of an agent, for them to read; and the file that holds what every tool
//! keeps.

use std::sync::Arc;

use kernel::{Act, AgentId, Caller, JournalEntry, Outcome, Timestamp};
use kernel_db::{DbError, Tx};
use serde_json::{Map, Value, json};

use super::Identity;
use crate::error::IdentityError;
use crate::local::{LocalSubject, factor_store};
use crate::store;

impl Identity {
    /// Everything that every tool keeps of the caller. Journalled.
    ///
    /// # Errors
    /// When a tool does not answer, or the database refuses.
    pub(crate) async fn own_export(&self, caller: &Caller) -> Result<Value, IdentityError> {
        let now = self.house.clock.now();
        let mut all = Map::new();
        all.insert("exportedAt".to_owned(), json!(now.millis()));
        all.insert("agent".to_owned(), json!(caller.agent));
        for keeper in self.keepers() {
            let kept = keeper.export(caller.agent).await;
            let kept = kept.map_err(|cause| IdentityError::Keeper {
                tool: keeper.tool(),
                cause,
            })?;
            all.insert(keeper.tool().to_owned(), kept);
        }
        let entry = JournalEntry {
            at: now,
            organisation: Some(caller.organisation),
            actor: None,
            act: Act("identity.account.export"),
            subject: format!("agent:{}", caller.agent),
            outcome: Outcome::Done,
            data: json!({}),
            personal: None,
        }
        .by(caller.actor());
        let rng = Arc::clone(&self.house.rng);
        self.house
            .db
            .write(move |tx| {
                let (entry, rng) = (entry.clone(), Arc::clone(&rng));
                Box::pin(async move { tx.journal(entry, rng.as_ref()).await })
            })
            .await?;
        Ok(Value::Object(all))
    }
}

/// What this tool keeps of an agent; times are UTC milliseconds.
pub(super) async fn of_agent(
    tx: &mut Tx,
    agent: AgentId,
    now: Timestamp,
) -> Result<Value, DbError> {
    let Some((known, organisation)) = store::agent::with_organisation(tx, agent).await? else {
        return Ok(Value::Null);
    };
    let said = known.attributes;
    let mut logins = Vec::new();
    for (provider, subject, first, last) in store::erase::logins(tx, agent).await? {
        logins.push(json!({
            "provider": provider, "subject": subject,
            "firstAt": first.millis(), "lastAt": last.millis(),
        }));
    }
    let mut sessions = Vec::new();
    for seen in store::account::sessions(tx, agent, now).await? {
        sessions.push(json!({
            "browser": seen.session.browser.to_text(), "provider": seen.session.provider,
            "level": seen.session.acr.value(), "openedAt": seen.session.created_at.millis(),
            "seenAt": seen.seen_at.millis(),
        }));
    }
    let mut applications = Vec::new();
    for received in store::account::received(tx, agent).await? {
        applications.push(json!({
            "clientId": received.client.as_str(), "scopes": received.scopes.values(),
            "firstAt": received.first_at.millis(), "lastAt": received.last_at.millis(),
        }));
    }
    let mut roles = Vec::new();
    for held in store::role::of_agent(tx, agent).await? {
        roles.push(json!({
            "role": held.role.word(), "organisation": held.organisation(),
            "givenAt": held.at.millis(), "until": held.until.map(Timestamp::millis),
        }));
    }
    let mut tokens = Vec::new();
    for token in store::credential::live(tx, agent, now).await? {
        let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.word()).collect();
        tokens.push(json!({
            "name": token.name, "scopes": scopes, "madeAt": token.created_at.millis(),
            "until": token.expires_at.millis(),
            "lastUsedAt": token.last_used_at.map(Timestamp::millis),
        }));
    }
    let mut second_factors = Vec::new();
    let subject = LocalSubject::from_u128(u128::from_be_bytes(*agent.as_bytes()));
    for factor in factor_store::second_factor_of(tx, subject).await?.factors {
        second_factors.push(json!({
            "name": factor.name.as_str(), "addedAt": factor.created_at.millis(),
            "usedAt": factor.used_at.millis(),
        }));
    }
    if let Some(factor) = store::guest_factor::of(tx, agent).await? {
        second_factors.push(json!({
            "addedAt": factor.added_at.millis(), "usedAt": factor.used_at.millis(),
        }));
    }
    let mut invitations = Vec::new();
    for one in store::invitation::of_guest(tx, agent).await? {
        invitations.push(json!({
            "givenName": one.who.given_name.as_str(), "usualName": one.who.usual_name.as_str(),
            "organisation": one.who.organisation.as_str(), "purpose": one.purpose.as_str(),
            "tools": one.tools, "state": one.at(now).word(),
            "createdAt": one.created_at.millis(), "until": one.until.millis(),
            "endedAt": one.over_at(now).map(|over| over.at.millis()),
        }));
    }
    let directory = store::expected::entry_of(tx, agent).await?.map(|entry| {
        json!({
            "unit": entry.unit, "phone": entry.phone,
            "population": entry.population.map(kernel::Population::claim),
        })
    });
    Ok(json!({
        "givenName": said.given_name,
        "usualName": said.usual_name,
        "email": said.email,
        "uid": said.uid,
        "unit": said.organizational_unit,
        "population": said.population.map(kernel::Population::claim),
        "phone": said.phone,
        "chorusdt": said.chorusdt,
        "custom": said.custom,
        "state": known.state.wire(),
        "organisation": { "siret": organisation.siret.as_str(), "label": organisation.label },
        "logins": logins,
        "sessions": sessions,
        "applications": applications,
        "roles": roles,
        "tokens": tokens,
        "secondFactors": second_factors,
        "invitations": invitations,
        "directory": directory,
    }))
}
