//! Applications that tell agents something: whom they may tell.

use kernel::AgentId;
use kernel::port::{Membership, Notice};
use kernel_http::Bearer;

use super::News;
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
        if Self::sees_application(&membership, bearer) {
            Ok(agent)
        } else {
            Err(NewsError::NotFound)
        }
    }

    /// Whether an agent sees this application: by belonging to the administration whose it is.
    fn sees_application(membership: &Membership, bearer: &Bearer) -> bool {
        bearer.organisation == Some(membership.organisation)
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
        notice.source.clone_from(&bearer.client_id);
        self.inbox.post(notice).await
    }
}
