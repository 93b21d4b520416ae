//! Whom an announcer may speak to.

use std::collections::{HashMap, HashSet};

use kernel::port::OrganisationFacts;
use kernel::{AgentId, Audience, Caller, OrganisationId, Role, Scope};

use crate::domain::news::{AnnouncementDraft, lies_within};
use crate::news_error::{NewsError, WhoMay};
use crate::service::News;

/// Administrations whose announcers are named to who may not speak to them.
const NAMED: usize = 3;
/// Announcers named of each.
const NAMES: usize = 5;

impl News {
    /// Passes when the caller announces for this administration.
    ///
    /// # Errors
    /// [`NewsError::UnknownOrganisation`], [`NewsError::NotAnnouncer`].
    pub(super) async fn announces(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
    ) -> Result<(), NewsError> {
        let organisations = self.organisations().await?;
        let facts = organisations.iter().find(|facts| facts.id == organisation);
        let Some(facts) = facts else {
            // Who announces nowhere learns nothing about what exists.
            let now = self.clock.now();
            return Err(if caller.scopes(Role::Announcer, now).is_empty() {
                NewsError::NotAnnouncer
            } else {
                NewsError::UnknownOrganisation
            });
        };
        let (ancestors, now) = (&facts.ancestors, self.clock.now());
        if caller.may(Role::Announcer, organisation, ancestors, now) {
            Ok(())
        } else {
            Err(NewsError::NotAnnouncer)
        }
    }

    /// Passes when the caller may say this to these people.
    ///
    /// # Errors
    /// As [`News::announces`]; [`NewsError::OutOfReach`] naming who may.
    pub(super) async fn may_say(
        &self,
        caller: &Caller,
        draft: &AnnouncementDraft,
    ) -> Result<(), NewsError> {
        self.announces(caller, draft.organisation).await?;
        let scopes = caller.scopes(Role::Announcer, self.clock.now());
        let organisations = self.organisations().await?;
        let homes = self.homes(&draft.audience).await?;
        if lies_within(&draft.audience, &scopes, &organisations, &homes) {
            return Ok(());
        }
        let who = self
            .who_may(&draft.audience, &scopes, &organisations)
            .await?;
        Err(NewsError::OutOfReach { who })
    }

    /// Where the agents belong whom a rule names one by one.
    async fn homes(
        &self,
        audience: &Audience,
    ) -> Result<HashMap<AgentId, OrganisationId>, NewsError> {
        let mut named = HashSet::new();
        agents(audience, &mut named);
        if named.is_empty() {
            return Ok(HashMap::new());
        }
        let people = self.directory.people(named.into_iter().collect()).await?;
        let homes = people.into_iter().map(|one| (one.id, one.organisation));
        Ok(homes.collect())
    }

    /// Who may speak to the administrations that lie outside, the largest first.
    async fn who_may(
        &self,
        audience: &Audience,
        scopes: &[Scope],
        organisations: &[OrganisationFacts],
    ) -> Result<Vec<WhoMay>, NewsError> {
        let mut counts = self.directory.head_counts(audience.clone()).await?;
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut who = Vec::new();
        for (id, _) in counts {
            let Some(facts) = organisations.iter().find(|facts| facts.id == id) else {
                continue;
            };
            let reached = scopes
                .iter()
                .any(|scope| scope.contains(id, &facts.ancestors));
            if reached {
                continue;
            }
            let mut holders = self.directory.holders(Role::Announcer, id).await?;
            holders.truncate(NAMES);
            let people = self.directory.people(holders).await?;
            who.push(WhoMay {
                organisation: facts.label.clone(),
                announcers: people
                    .iter()
                    .map(kernel::port::Person::display_name)
                    .collect(),
            });
            if who.len() == NAMED {
                break;
            }
        }
        Ok(who)
    }
}

fn agents(audience: &Audience, found: &mut HashSet<AgentId>) {
    match audience {
        Audience::Agent(agent) => {
            found.insert(*agent);
        }
        Audience::All(rules) | Audience::Any(rules) => {
            for rule in rules {
                agents(rule, found);
            }
        }
        Audience::Not(rule) => agents(rule, found),
        Audience::Everyone | Audience::Organisation { .. } | Audience::Population(_) => {}
    }
}
