//! Who holds a session's cookie: the door through which every tool knows its caller.

use kernel::{Caller, Means, Population, Secret};
use kernel_db::{DbError, Tx};
use kernel_http::Cookies;
use kernel_http::{BoxFuture, Sessions, SessionsError};

use super::guests::GUESTS;
use super::{Identity, Method};
use crate::domain::acr::Acr;
use crate::domain::agent::Agent;
use crate::domain::session::{EndReason, Session, hash};
use crate::error::IdentityError;
use crate::store;
use crate::store::session::Known;

impl Identity {
    /// The live session of a browser, with its agent.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn session(
        &self,
        cookies: &Cookies,
    ) -> Result<Option<(Session, Agent)>, IdentityError> {
        match cookies.get(&self.house.cookies().session()) {
            Some(cookie) => self.session_of(&Secret::new(cookie)).await,
            None => Ok(None),
        }
    }

    /// Whether the provider that vouched may still do so: a session of one taken out of service
    /// answers no application.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn is_in_service(&self, provider: &str) -> Result<bool, DbError> {
        if provider == GUESTS {
            return Ok(self.guests.get().is_some());
        }
        match &self.method {
            Method::Upstream(providers) => {
                let upstreams = providers.current().await?;
                Ok(upstreams.provider_named(provider).is_some())
            }
            Method::Local { realm, .. } => Ok(realm.as_str() == provider),
        }
    }

    /// Why the session of this browser was ended by somebody else; none: it was not.
    ///
    /// # Errors
    /// When the database refuses.
    pub(crate) async fn session_end(
        &self,
        cookies: &Cookies,
    ) -> Result<Option<EndReason>, IdentityError> {
        let Some(cookie) = cookies.get(&self.house.cookies().session()) else {
            return Ok(None);
        };
        let token_hash = hash(Secret::new(cookie).expose());
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(store::session_end::reason(tx, token_hash).await?) })
            })
            .await
    }

    pub(crate) async fn session_of(
        &self,
        cookie: &Secret,
    ) -> Result<Option<(Session, Agent)>, IdentityError> {
        let token_hash = hash(cookie.expose());
        let now = self.house.clock.now();
        self.house
            .db
            .read(move |tx| {
                Box::pin(async move { Ok(store::session::by_token(tx, token_hash, now).await?) })
            })
            .await
    }
}

impl Sessions for Identity {
    fn caller<'a>(
        &'a self,
        cookie: &'a Secret,
    ) -> BoxFuture<'a, Result<Option<Caller>, SessionsError>> {
        Box::pin(async move {
            let token_hash = hash(cookie.expose());
            let now = self.house.clock.now();
            let demanded = self.administration_level;
            let caller = self
                .house
                .db
                .read(move |tx| {
                    Box::pin(async move {
                        let found = store::session::known_by_token(tx, token_hash, now).await?;
                        let Some((session, acr, known)) = found else {
                            return Ok(None);
                        };
                        let known = usable(known, acr, demanded);
                        let caller = caller(tx, Means::Session(session), known).await?;
                        Ok::<_, SessionsError>(Some(caller))
                    })
                })
                .await?;
            if let Some(session) = caller.as_ref().and_then(Caller::session) {
                self.seen.note(session, now);
            }
            Ok(caller)
        })
    }
}

/// Somebody with the roles that may be used at this level: below the one that is demanded, none.
pub(super) fn usable(mut known: Known, acr: Acr, demanded: Option<Acr>) -> Known {
    if demanded.is_some_and(|level| acr < level) {
        known.grants.clear();
    }
    known
}

/// Somebody who is known, as every tool knows them.
pub(super) async fn caller(tx: &mut Tx, by: Means, known: Known) -> Result<Caller, DbError> {
    Ok(Caller {
        agent: known.agent,
        by,
        organisation: known.organisation,
        ancestors: store::organisation::ancestors(tx, known.organisation).await?,
        population: known.population.unwrap_or(Population::Agent),
        grants: known.grants,
        guest: known.guest,
        locale: None,
    })
}
