//! The endpoints of announcements, inboxes and settings, together.

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use super::{admin_announcements, announcements, inbox, settings};
use crate::service::News;

/// Each with its description.
pub(super) fn endpoints() -> OpenApiRouter<Arc<News>> {
    OpenApiRouter::new()
        .routes(routes!(inbox::list::list_inbox, inbox::post::post_notice))
        .routes(routes!(inbox::sources::list_sources))
        .routes(routes!(inbox::read::mark_read))
        .routes(routes!(inbox::unread::mark_unread))
        .routes(routes!(inbox::read_all::read_all))
        .routes(routes!(inbox::undo::undo))
        .routes(routes!(
            settings::get::get_settings,
            settings::put::put_settings
        ))
        .routes(routes!(announcements::list::list_announcements))
        .routes(routes!(announcements::read::read_announcement))
        .routes(routes!(
            admin_announcements::list::list_written,
            admin_announcements::create::create_announcement
        ))
        .routes(routes!(
            admin_announcements::get::get_written,
            admin_announcements::put::put_announcement
        ))
        .routes(routes!(admin_announcements::publish::publish_announcement))
        .routes(routes!(
            admin_announcements::withdraw::withdraw_announcement
        ))
        .routes(routes!(admin_announcements::readers::list_readers))
}
