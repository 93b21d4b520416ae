//! The portal's endpoints.

use std::sync::Arc;

use utoipa_axum::{router::OpenApiRouter, routes};

use crate::service::{News, Portal};

mod admin_announcements;
mod announcements;
mod application;
mod audience;
mod bodies;
mod categories;
mod favourites;
mod home;
mod inbox;
mod launcher;
mod news;
mod requests;
mod search;
mod settings;
mod status;
mod tiles;
mod tools;

/// The endpoints with their descriptions.
pub(crate) fn router(
    portal: Arc<Portal>,
    news: Arc<News>,
) -> (axum::Router, utoipa::openapi::OpenApi) {
    endpoints()
        .with_state(portal)
        .merge(news::endpoints().with_state(news))
        .split_for_parts()
}

/// The descriptions alone.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut whole = endpoints().into_openapi();
    whole.merge(news::endpoints().into_openapi());
    whole
}

fn endpoints() -> OpenApiRouter<Arc<Portal>> {
    OpenApiRouter::new()
        .routes(routes!(home::get::get_home))
        .routes(routes!(favourites::put::put_favourites))
        .routes(routes!(tiles::opened::note_opened))
        .routes(routes!(status::get::get_status))
        .routes(routes!(tools::list::list_tools, tools::create::create_tool))
        .routes(routes!(
            tools::get::get_tool,
            tools::put::put_tool,
            tools::delete::delete_tool
        ))
        .routes(routes!(tools::check_address::check_address))
        .routes(routes!(tools::publish::publish_tool))
        .routes(routes!(tools::withdraw::withdraw_tool))
        .routes(routes!(
            tools::application_get::get_application,
            tools::application_post::register_application,
            tools::application_put::put_application,
            tools::application_delete::end_application
        ))
        .routes(routes!(
            tools::notice_put::put_notice,
            tools::notice_delete::delete_notice
        ))
        .routes(routes!(categories::list::list_categories))
        .routes(routes!(audience::describe::describe_audience))
        .routes(routes!(audience::test::try_audience))
        .routes(routes!(
            requests::mine::my_requests,
            requests::create::create_request
        ))
        .routes(routes!(requests::withdraw::withdraw_request))
        .routes(routes!(requests::list::list_requests))
        .routes(routes!(requests::approve::approve_request))
        .routes(routes!(requests::refuse::refuse_request))
        .routes(routes!(search::get::search))
        .routes(routes!(application::put_badge::put_badge))
        .routes(routes!(application::put_search::put_search))
        .merge(launcher::endpoints())
}
