//! What can go wrong with announcements, notices and settings, and what a person is told of it.

use kernel::port::PortError;
use kernel::{Problem, Text};
use kernel_db::DbError;
use kernel_http::ApiError;

use crate::domain::news::{AnnouncementError, NoticeError, SettingsError};
use crate::texts::news as texts;

/// A limit of what one application may post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PostLimit {
    /// To everybody, a minute.
    Minute,
    /// To everybody, a day.
    Day,
    /// To one agent, an hour.
    AgentHour,
}

/// A use case of the news that failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NewsError {
    /// There is no such thing for this caller.
    #[error("not found")]
    NotFound,
    /// The caller announces for nobody there.
    #[error("not an announcer of this administration")]
    NotAnnouncer,
    /// No such administration.
    #[error("unknown administration")]
    UnknownOrganisation,
    /// The audience reaches beyond whom the caller may speak to.
    #[error("the audience lies outside the announcer's reach")]
    OutOfReach {
        /// Who may: labels of the administrations concerned, with their administrators.
        who: Vec<WhoMay>,
    },
    /// Somebody else edited it: what stands.
    #[error("edited meanwhile")]
    Stale(serde_json::Value),
    /// Content or state of an announcement.
    #[error(transparent)]
    Announcement(#[from] AnnouncementError),
    /// A part of a notice.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// A setting.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// Too many notices of one application.
    #[error("too many notices: {limit:?}")]
    TooMany {
        /// Which limit.
        limit: PostLimit,
        /// Seconds until the period ends.
        retry_after: u32,
    },
    /// Nothing to take back any more.
    #[error("the undo has expired")]
    UndoExpired,
    /// A cursor that is none of ours.
    #[error("not a cursor")]
    Cursor,
    /// Another tool did not answer.
    #[error(transparent)]
    Port(#[from] PortError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// An administration that the caller may not speak to, and who may.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct WhoMay {
    /// Its label.
    pub(crate) organisation: String,
    /// Names of its announcers and administrators, five at most.
    pub(crate) announcers: Vec<String>,
}

impl From<NewsError> for ApiError {
    fn from(error: NewsError) -> Self {
        let problem = match error {
            NewsError::NotFound => Problem::not_found(),
            NewsError::NotAnnouncer => Problem::forbidden().with_detail(texts::NOT_ANNOUNCER),
            NewsError::UnknownOrganisation => {
                Problem::new(422, "unknown-organisation", texts::UNKNOWN_ORGANISATION)
            }
            NewsError::OutOfReach { who } => out_of_reach(&who),
            NewsError::Stale(current) => return kernel_http::etag::precondition_failed(current),
            NewsError::Announcement(AnnouncementError::Withdrawn) => {
                Problem::new(409, "announcement-withdrawn", texts::WITHDRAWN)
            }
            NewsError::Announcement(AnnouncementError::Draft) => {
                Problem::new(409, "announcement-draft", texts::DRAFT)
            }
            NewsError::Announcement(
                cause @ (AnnouncementError::Title
                | AnnouncementError::Body
                | AnnouncementError::Link
                | AnnouncementError::Dates
                | AnnouncementError::Audience),
            ) => Problem::new(422, "invalid-announcement", texts::INVALID_ANNOUNCEMENT)
                .with_detail(texts::announcement(cause))
                .with_extension("field", cause.to_string().into()),
            NewsError::Notice(cause) => Problem::new(422, "invalid-notice", texts::INVALID_NOTICE)
                .with_detail(texts::notice(cause))
                .with_extension("field", cause.field().into()),
            NewsError::Settings(cause) => {
                Problem::new(422, "invalid-settings", texts::INVALID_SETTINGS)
                    .with_detail(texts::settings(cause))
                    .with_extension("field", cause.to_string().into())
            }
            NewsError::TooMany { limit, retry_after } => {
                Problem::new(429, "too-many-notices", texts::TOO_MANY)
                    .with_detail(texts::post_limit(limit))
                    .with_retry_after(retry_after)
            }
            NewsError::UndoExpired => Problem::new(410, "undo-expired", texts::UNDO_EXPIRED),
            NewsError::Cursor => Problem::new(400, "invalid-cursor", texts::CURSOR),
            NewsError::Port(error) => {
                tracing::warn!(%error, "the directory does not answer");
                Problem::unavailable(2)
            }
            NewsError::Database(
                error @ (DbError::Unreachable(_)
                | DbError::Busy
                | DbError::Closed
                | DbError::Conflict),
            ) => {
                tracing::warn!(%error, "the news cannot be read now");
                Problem::unavailable(2)
            }
            NewsError::Database(error) => {
                tracing::error!(%error, "the news cannot be read");
                Problem::internal()
            }
        };
        Self(problem)
    }
}

fn out_of_reach(who: &[WhoMay]) -> Problem {
    let named: Vec<String> = who
        .iter()
        .take(3)
        .map(|one| match one.announcers.as_slice() {
            [] => one.organisation.clone(),
            names => format!("{} ({})", one.organisation, names.join(", ")),
        })
        .collect();
    let named = named.join("\u{a0}; ");
    let detail = if who.is_empty() {
        texts::OUT_OF_REACH_ANYWHERE
    } else {
        Text::made(
            format!(
                "Demandez à qui peut annoncer dans\u{a0}: {named}. L’opérateur le peut partout."
            ),
            format!("Ask who may announce in: {named}. The operator may everywhere."),
        )
    };
    Problem::new(403, "audience-out-of-scope", texts::OUT_OF_REACH)
        .with_detail(detail)
        .with_extension("elsewhere", serde_json::to_value(who).unwrap_or_default())
}
