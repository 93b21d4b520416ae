//! Writing announcements: draft, published, withdrawn.

use std::sync::Arc;

use kernel::{
    Act, Actor, AgentId, Caller, Cursor, Event, EventId, JournalEntry, Limit, OrganisationId,
    Outcome, Page, Timestamp,
};
use kernel_db::{DbError, Tx};
use kernel_http::etag::EntityTag;
use kernel_http::live::Reached;

use super::{TOPIC, Written, label, subject};
use crate::domain::news::{
    Announcement, AnnouncementDraft, AnnouncementError, AnnouncementId, AnnouncementState,
};
use crate::news_error::NewsError;
use crate::service::News;
use crate::store::news as store;

const CREATED: Act = Act("portal.announcement.created");
const CHANGED: Act = Act("portal.announcement.changed");
const PUBLISHED: Act = Act("portal.announcement.published");
const WITHDRAWN: Act = Act("portal.announcement.withdrawn");

/// A change of state.
type Step = fn(AnnouncementState) -> Result<AnnouncementState, AnnouncementError>;

impl News {
    /// Writes a draft.
    ///
    /// # Errors
    /// [`NewsError::Announcement`], [`NewsError::NotAnnouncer`], [`NewsError::OutOfReach`].
    pub(crate) async fn create_announcement(
        &self,
        caller: &Caller,
        draft: AnnouncementDraft,
    ) -> Result<Written, NewsError> {
        let content = draft.checked()?;
        self.may_say(caller, &content).await?;
        let now = self.clock.now();
        let announcement = Announcement {
            id: AnnouncementId::new(now, self.rng.as_ref()),
            content,
            state: AnnouncementState::Draft,
            published_at: None,
            written_by: caller.agent,
            written_at: now,
            version: 1,
        };
        let (rng, kept) = (Arc::clone(&self.rng), Arc::new(announcement.clone()));
        let by = caller.actor();
        self.db
            .write(move |tx: &mut Tx| {
                let (rng, announcement) = (Arc::clone(&rng), Arc::clone(&kept));
                Box::pin(async move {
                    store::insert_announcement(tx, &announcement).await?;
                    tx.journal(entry(CREATED, &announcement, by, now), rng.as_ref())
                        .await
                })
            })
            .await
            .map_err(|error: DbError| error)?;
        self.written(announcement).await
    }

    /// One announcement for its authors.
    ///
    /// # Errors
    /// [`NewsError::NotFound`], [`NewsError::NotAnnouncer`].
    pub(crate) async fn announcement(
        &self,
        caller: &Caller,
        id: AnnouncementId,
    ) -> Result<Written, NewsError> {
        let found = self
            .db
            .read(move |tx: &mut Tx| Box::pin(store::find_announcement(tx, id)))
            .await
            .map_err(|error: DbError| error)?;
        let Some(announcement) = found else {
            // Who announces nowhere learns nothing about what exists.
            let now = self.clock.now();
            let nowhere = caller.scopes(kernel::Role::Announcer, now).is_empty();
            return Err(if nowhere {
                NewsError::NotAnnouncer
            } else {
                NewsError::NotFound
            });
        };
        self.announces(caller, announcement.content.organisation)
            .await?;
        self.written(announcement).await
    }

    /// The announcements of one administration for its authors, latest first.
    ///
    /// # Errors
    /// [`NewsError::NotAnnouncer`], [`NewsError::Cursor`].
    pub(crate) async fn announcements_of(
        &self,
        caller: &Caller,
        organisation: OrganisationId,
        cursor: Option<&str>,
        limit: Limit,
    ) -> Result<Page<Written>, NewsError> {
        self.announces(caller, organisation).await?;
        let before = match cursor {
            None => AnnouncementId::from_u128(u128::MAX),
            Some(text) => Cursor::parse(text)
                .ok()
                .and_then(|cursor| AnnouncementId::from_bytes(cursor.key()).ok())
                .ok_or(NewsError::Cursor)?,
        };
        let rows = limit.rows();
        let mut found = self
            .db
            .read(move |tx: &mut Tx| {
                Box::pin(store::list_announcements_of(
                    tx,
                    organisation,
                    before,
                    rows + 1,
                ))
            })
            .await
            .map_err(|error: DbError| error)?;
        let most = usize::try_from(rows).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let next = found
            .last()
            .filter(|_| more)
            .map(|last| Cursor::new(last.id.as_bytes().to_vec()));
        let organisations = self.organisations().await?;
        let items = found
            .into_iter()
            .map(|announcement| Written {
                organisation_label: label(&organisations, announcement.content.organisation),
                announcement,
            })
            .collect();
        Ok(Page { items, next })
    }

    /// Changes what an announcement says and to whom.
    ///
    /// # Errors
    /// As [`News::create_announcement`]; [`NewsError::NotFound`];
    /// [`AnnouncementError::Withdrawn`]; [`NewsError::Stale`] when it changed meanwhile, for a
    /// body that `shown` makes.
    pub(crate) async fn change_announcement(
        &self,
        caller: &Caller,
        id: AnnouncementId,
        draft: AnnouncementDraft,
        tag: EntityTag,
        shown: fn(&Written) -> serde_json::Value,
    ) -> Result<Written, NewsError> {
        let content = draft.checked()?;
        let current = self.announcement(caller, id).await?;
        self.may_say(caller, &content).await?;
        if !tag.is(current.announcement.version) {
            return Err(NewsError::Stale(shown(&current)));
        }
        let before = current.announcement;
        let announcement = Announcement {
            content,
            state: before.state.edit()?,
            written_at: self.clock.now(),
            version: before.version + 1,
            ..before.clone()
        };
        if !self.write(CHANGED, caller, &announcement).await? {
            let current = self.announcement(caller, id).await?;
            return Err(NewsError::Stale(shown(&current)));
        }
        self.tell(&before);
        self.tell(&announcement);
        self.written(announcement).await
    }

    /// Shows an announcement to its audience.
    ///
    /// # Errors
    /// [`NewsError::NotFound`], [`NewsError::NotAnnouncer`], [`NewsError::OutOfReach`],
    /// [`AnnouncementError::Withdrawn`].
    pub(crate) async fn publish_announcement(
        &self,
        caller: &Caller,
        id: AnnouncementId,
    ) -> Result<Written, NewsError> {
        let current = self.announcement(caller, id).await?;
        // The rights may have changed since it was written.
        self.may_say(caller, &current.announcement.content).await?;
        self.step(caller, id, AnnouncementState::publish, PUBLISHED)
            .await
    }

    /// Takes an announcement back.
    ///
    /// # Errors
    /// [`NewsError::NotFound`], [`NewsError::NotAnnouncer`], [`AnnouncementError::Draft`].
    pub(crate) async fn withdraw_announcement(
        &self,
        caller: &Caller,
        id: AnnouncementId,
    ) -> Result<Written, NewsError> {
        self.step(caller, id, AnnouncementState::withdraw, WITHDRAWN)
            .await
    }

    /// Moves an announcement on; where it is there already nothing is done.
    async fn step(
        &self,
        caller: &Caller,
        id: AnnouncementId,
        step: Step,
        act: Act,
    ) -> Result<Written, NewsError> {
        // An edit between reading and writing is no conflict for a change of state: once more.
        for _ in 0..5 {
            let current = self.announcement(caller, id).await?;
            let before = &current.announcement;
            let state = step(before.state)?;
            if state == before.state {
                return Ok(current);
            }
            let now = self.clock.now();
            let announcement = Announcement {
                state,
                published_at: before.published_at.or(Some(now)),
                written_at: now,
                version: before.version + 1,
                ..before.clone()
            };
            if self.write(act, caller, &announcement).await? {
                self.tell(&announcement);
                return self.written(announcement).await;
            }
        }
        Err(NewsError::Database(DbError::Conflict))
    }

    /// Writes over the version before, with its traces; whether that stood.
    async fn write(
        &self,
        act: Act,
        caller: &Caller,
        announcement: &Announcement,
    ) -> Result<bool, NewsError> {
        let (rng, kept) = (Arc::clone(&self.rng), Arc::new(announcement.clone()));
        let (by, now) = (caller.actor(), self.clock.now());
        let written = self
            .db
            .write(move |tx: &mut Tx| {
                let (rng, announcement) = (Arc::clone(&rng), Arc::clone(&kept));
                Box::pin(async move {
                    if !store::update_announcement(tx, &announcement).await? {
                        return Ok(false);
                    }
                    tx.journal(entry(act, &announcement, by, now), rng.as_ref())
                        .await?;
                    if act != CHANGED {
                        let id = EventId::new(now, rng.as_ref());
                        tx.emit(&event(id, act, &announcement, by.agent, now))
                            .await?;
                    }
                    Ok(true)
                })
            })
            .await
            .map_err(|error: DbError| error)?;
        self.announcements.changed();
        Ok(written)
    }

    /// Tells the open pages of the audience; a draft is nobody's.
    fn tell(&self, announcement: &Announcement) {
        if announcement.state != AnnouncementState::Draft {
            let audience = announcement.content.audience.clone();
            let version = self.clock.now().millis();
            self.live.say(TOPIC, version, Reached::Audience(audience));
        }
    }

    async fn written(&self, announcement: Announcement) -> Result<Written, NewsError> {
        let organisations = self.organisations().await?;
        Ok(Written {
            organisation_label: label(&organisations, announcement.content.organisation),
            announcement,
        })
    }
}

fn entry(act: Act, announcement: &Announcement, by: Actor, now: Timestamp) -> JournalEntry {
    JournalEntry {
        at: now,
        organisation: Some(announcement.content.organisation),
        actor: None,
        act,
        subject: subject(announcement),
        outcome: Outcome::Done,
        data: serde_json::json!({
            "version": announcement.version,
            "severity": announcement.content.severity,
            "audience": announcement.content.audience,
            "mustConfirm": announcement.content.must_confirm,
        }),
        personal: None,
    }
    .by(by)
}

fn event(id: EventId, act: Act, announcement: &Announcement, by: AgentId, now: Timestamp) -> Event {
    Event {
        id,
        kind: act.0.to_owned(),
        version: 1,
        at: now,
        actor: Some(by),
        organisation: Some(announcement.content.organisation),
        subject: subject(announcement),
        data: serde_json::json!({
            "announcement": announcement.id,
            "severity": announcement.content.severity,
            "mustConfirm": announcement.content.must_confirm,
        }),
    }
}
