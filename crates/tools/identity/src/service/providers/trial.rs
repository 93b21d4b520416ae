//! Trying a provider, in service or not: an administrator signs in there in another tab, by the
//! same code as everybody, and sees what came. Nobody is signed in by it.

use std::sync::Arc;

use kernel::{
    Act, Caller, JournalEntry, Locale, OrganisationId, Outcome as Ended, SessionId, Text, Timestamp,
};
use url::Url;

use super::{ProviderRefusal, rights, show};
use crate::domain::acr::AcrWish;
use crate::domain::agent::Agent;
use crate::domain::authorize::Parameters;
use crate::domain::interaction::{Interaction, Purpose};
use crate::domain::session::Session;
use crate::domain::trial::{LIFETIME, Outcome, Trial, TrialId};
use crate::error::IdentityError;
use crate::service::Identity;
use crate::store;
use crate::upstream::{Pending, ProviderId, Start, TrialReport, UpstreamError};

/// A trial begun.
pub(crate) struct StartedTrial {
    /// Where the other tab goes.
    pub(crate) url: Url,
    pub(crate) expires_at: Timestamp,
    /// To be kept in this browser.
    pub(crate) interaction: Interaction,
}

/// A trial that comes back.
pub(crate) struct Tried {
    pub(crate) trial: TrialId,
    /// The session that began it.
    pub(crate) session: SessionId,
    pub(crate) pending: Pending,
}

impl Identity {
    /// Begins a trial.
    ///
    /// # Errors
    /// When there is no such provider, the caller does not administer its administration, it does
    /// not answer, or the database refuses.
    pub(crate) async fn start_trial(
        &self,
        caller: Caller,
        id: ProviderId,
        locale: Locale,
    ) -> Result<StartedTrial, IdentityError> {
        let session = caller.session().ok_or(IdentityError::NoSession)?;
        let seen = self.seen_provider(caller.clone(), id.clone()).await?;
        let now = self.house.clock.now();
        let trial = Trial {
            id: TrialId::new(now, self.house.rng.as_ref()),
            provider: id.clone(),
            agent: caller.agent,
            started_at: now,
            expires_at: now.plus(LIFETIME),
            ended: None,
        };
        let mut interaction = self.begin(Purpose::Trial {
            trial: trial.id,
            session,
        });
        let upstreams = self.providers()?.refreshed().await?;
        let start = Start {
            interaction: interaction.id.as_str(),
            login_hint: None,
            siret_hint: None,
            acr: &AcrWish::default(),
            force: false,
            max_age: None,
            application: None,
            locale,
        };
        let (url, pending) = upstreams.start_trial(&id, start).await.map_err(|cause| {
            let provider = id.as_str().to_owned();
            IdentityError::Upstream { provider, cause }
        })?;
        interaction.pending = Some(pending);
        let expires_at = trial.expires_at;
        let entry = entry(
            &trial,
            seen.organisation,
            Act("identity.provider.try"),
            Ended::Done,
        );
        let (asked, rng) = (Arc::new((trial, entry)), Arc::clone(&self.house.rng));
        self.house
            .db
            .write(move |tx| {
                let (asked, rng) = (Arc::clone(&asked), Arc::clone(&rng));
                Box::pin(async move {
                    let (trial, entry) = &*asked;
                    store::trial::begin(tx, trial).await?;
                    tx.journal(entry.clone(), rng.as_ref()).await?;
                    Ok::<_, IdentityError>(())
                })
            })
            .await?;
        Ok(StartedTrial {
            url,
            expires_at,
            interaction,
        })
    }

    /// The caller's last trial of a provider.
    ///
    /// # Errors
    /// When there is none, or the caller does not administer the provider's administration.
    pub(crate) async fn last_trial(
        &self,
        caller: Caller,
        id: ProviderId,
    ) -> Result<Trial, IdentityError> {
        let now = self.house.clock.now();
        let configured = self.configured_provider(&id)?;
        let asked = Arc::new((caller, id, configured));
        let found = self
            .house
            .db
            .read(move |tx| {
                let asked = Arc::clone(&asked);
                Box::pin(async move {
                    let (caller, id, configured) = &*asked;
                    let source = show::one(tx, id, configured.as_ref()).await?;
                    rights::administers(tx, caller, show::owner(&source), now).await?;
                    Ok::<_, IdentityError>(store::trial::last(tx, id, caller.agent).await?)
                })
            })
            .await?;
        found.ok_or_else(|| ProviderRefusal::NoTrial.into())
    }

    /// Ends a trial: what came is kept for whoever began it, in the same session.
    ///
    /// # Errors
    /// [`IdentityError::NoInteraction`] when it comes back in another session, when another took
    /// its place, or when the answer is not the provider's; else when the database refuses.
    pub(crate) async fn end_trial(
        &self,
        session: Option<(Session, Agent)>,
        tried: &Tried,
        answer: &Parameters,
    ) -> Result<Outcome, IdentityError> {
        let same = session.filter(|(session, _)| session.id == tried.session);
        if same.is_none() {
            return Err(IdentityError::NoInteraction);
        }
        let provider = &tried.pending.provider;
        let upstreams = self.providers()?.refreshed().await?;
        let organisation = upstreams.config(provider).map(|config| config.organisation);
        let outcome = match upstreams.finish_trial(&tried.pending, answer).await {
            Ok(report) => self.outcome(report, organisation).await?,
            // An answer that is not the provider's says nothing of it.
            Err(UpstreamError::State) => return Err(IdentityError::NoInteraction),
            Err(cause) => Outcome {
                claims: Vec::new(),
                missing: Vec::new(),
                proposed_siret: None,
                problem: Some(cause.for_administrators()),
            },
        };
        let (kept, trial) = (Arc::new(outcome.clone()), tried.trial);
        let now = self.house.clock.now();
        let ended = self
            .house
            .db
            .write(move |tx| {
                let kept = Arc::clone(&kept);
                Box::pin(async move {
                    Ok::<_, IdentityError>(store::trial::end(tx, trial, &kept, now).await?)
                })
            })
            .await?;
        if ended {
            Ok(outcome)
        } else {
            Err(IdentityError::NoInteraction)
        }
    }

    /// What is kept of a report; who is without SIRET is proposed that of the administration.
    async fn outcome(
        &self,
        report: TrialReport,
        organisation: Option<OrganisationId>,
    ) -> Result<Outcome, IdentityError> {
        let lacks = report.missing.iter().any(|name| name == "siret");
        let proposed_siret = match organisation.filter(|_| lacks) {
            Some(organisation) => self.siret_of(organisation).await?,
            None => None,
        };
        let problem: Option<Text> = report.refused.map(|cause| cause.for_administrators());
        Ok(Outcome {
            claims: report.claims,
            missing: report.missing,
            proposed_siret,
            problem,
        })
    }

    async fn siret_of(
        &self,
        organisation: OrganisationId,
    ) -> Result<Option<String>, IdentityError> {
        let known = self
            .house
            .db
            .read(move |tx| {
                Box::pin(async move {
                    let known = store::organisation::name_and_siret(tx, organisation).await?;
                    Ok::<_, IdentityError>(known)
                })
            })
            .await?;
        Ok(known.map(|(_, siret)| siret))
    }
}

fn entry(trial: &Trial, organisation: OrganisationId, act: Act, outcome: Ended) -> JournalEntry {
    JournalEntry {
        at: trial.started_at,
        organisation: Some(organisation),
        actor: Some(trial.agent),
        act,
        subject: format!("provider:{}", trial.provider),
        outcome,
        data: serde_json::json!({ "trial": trial.id }),
        personal: None,
    }
}
