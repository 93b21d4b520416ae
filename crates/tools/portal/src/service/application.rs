//! Applications that tell agents something: whom they may tell.

use kernel::AgentId;
use kernel::port::{Membership, Notice};
use kernel_http::Bearer;

use super::News;
use crate::domain::Tile;
use crate::domain::news::{NewNotice, NoticeId};
use crate::news_error::NewsError;

impl News {
    /// The agent whom an application writes to, by id or professional address.
    ///
    /// # Errors
    /// [`NewsError::NotFound`] when there is none who sees the application.
    pub(crate) async fn addressee(&self, bearer: &Bearer, to: &str) -> Result<AgentId, NewsError> {
        let agent = if let Ok(agent) = AgentId::parse(to) {
            agent
        } else {
            let found = self.directory.by_email(to.to_owned()).await?;
            found.ok_or(NewsError::NotFound)?.id
        };
        let membership = self.directory.membership(agent).await?;
        let membership = membership.ok_or(NewsError::NotFound)?;
        if self.sees_application(&membership, bearer).await? {
            Ok(agent)
        } else {
            Err(NewsError::NotFound)
        }
    }

    /// Whether an agent sees this application: the tile that leads to it, or, when none does, by
    /// belonging to the administration whose it is.
    async fn sees_application(
        &self,
        membership: &Membership,
        bearer: &Bearer,
    ) -> Result<bool, NewsError> {
        let catalogue = self.catalogue.get().await?;
        let mut tiles = catalogue.tiles_of_client(&bearer.client_id).peekable();
        if tiles.peek().is_none() {
            return Ok(bearer.organisation == Some(membership.organisation));
        }
        let profile = membership.profile();
        Ok(tiles.any(|tile| tile.is_for(&profile)))
    }

    /// Puts the notice of an application in its agent's inbox, with the name and the icon of the
    /// application's tile.
    ///
    /// # Errors
    /// [`NewsError::Notice`], [`NewsError::TooMany`], [`NewsError::Database`].
    pub(crate) async fn post_notice(
        &self,
        bearer: &Bearer,
        notice: Notice,
    ) -> Result<NoticeId, NewsError> {
        let mut notice = NewNotice::parse(notice)?;
        let catalogue = self.catalogue.get().await?;
        let tile: Option<&Tile> = catalogue.tiles_of_client(&bearer.client_id).next();
        notice.source_name = tile.map(|tile| tile.name.clone());
        notice.icon = tile.map(|tile| tile.icon.as_str().to_owned());
        self.inbox.post(notice).await
    }
}
