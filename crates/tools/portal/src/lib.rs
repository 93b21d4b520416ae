//! The common portal: for each agent the tools meant for them, by category, with a greeting.
//!
//! Invariants
//! - A tile is shown to whom its audience takes in and to nobody else; the rule is decided in
//!   one place, [`domain::Tile::is_for`].
//! - A tile leads to `https` (or to this machine), never to a script.
//! - What is shown is at most two seconds behind the tables, on every node.
//! - The portal knows agents by id only; names and memberships come from the
//!   [`Directory`] at each request.

use std::sync::Arc;

use kernel::port::{Applications, Directory, Notify, Now, SearchProvider};
use kernel::{Clock, Rng};
use kernel_db::{Db, JobHandler, Migration, MigrationSet, SealedColumn};
use kernel_http::{Live, Outgoing, Sealer, Site, Tool};
use kernel_mail::Mailer;

pub mod domain;
mod error;
mod http;
mod news_error;
#[cfg(test)]
mod sample;
mod service;
mod store;
mod texts;

pub use domain::{NewCategory, NewTile};
pub use error::PortalError;
pub use service::{
    Belongings, Inbox, PortalNames, ServiceStatus, StatusSource, ToolSharing, publish,
};

/// The tool's columns of values that are sealed under the master key.
pub const SEALED: &[SealedColumn] = &[SealedColumn {
    table: "portal_search_source",
    column: "secret",
    key: &["client_id"],
    purpose: service::SEARCH_SOURCE,
    lasting: true,
}];

/// The tool's tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    tool: "portal",
    migrations: &[
        Migration {
            number: 1,
            name: "portal",
            sqlite: include_str!("../migrations/sqlite/0001_portal.sql"),
            postgres: include_str!("../migrations/postgres/0001_portal.sql"),
        },
        Migration {
            number: 2,
            name: "tools",
            sqlite: include_str!("../migrations/sqlite/0002_tools.sql"),
            postgres: include_str!("../migrations/postgres/0002_tools.sql"),
        },
        Migration {
            number: 3,
            name: "news",
            sqlite: include_str!("../migrations/sqlite/0003_news.sql"),
            postgres: include_str!("../migrations/postgres/0003_news.sql"),
        },
        Migration {
            number: 4,
            name: "plug-ins",
            sqlite: include_str!("../migrations/sqlite/0004_plugins.sql"),
            postgres: include_str!("../migrations/postgres/0004_plugins.sql"),
        },
        Migration {
            number: 5,
            name: "guests",
            sqlite: include_str!("../migrations/sqlite/0005_guests.sql"),
            postgres: include_str!("../migrations/postgres/0005_guests.sql"),
        },
    ],
};

/// What the portal needs.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub rng: Arc<dyn Rng>,
    /// Hints for open pages.
    pub live: Live,
    /// The way out, to look whether a tool answers.
    pub outgoing: Outgoing,
    /// Who the agents are.
    pub directory: Arc<dyn Directory>,
    /// Where a tool is registered that signs agents in through us.
    pub applications: Arc<dyn Applications>,
    /// The inbox of every agent.
    pub notify: Arc<dyn Notify>,
    /// The same, for the portal's own pages.
    pub inbox: Inbox,
    /// Where mails go.
    pub mailer: Mailer,
    /// The tools that have something under *Maintenant*.
    pub nows: Vec<Arc<dyn Now>>,
    /// Who knows how services do.
    pub statuses: Vec<Arc<dyn StatusSource>>,
    /// What the other tools find in the one search.
    pub sources: Vec<Arc<dyn SearchProvider>>,
    /// Seals what applications share with us.
    pub sealer: Sealer,
    /// Where the instance is reached.
    pub site: Arc<Site>,
    /// The instance's zone, an IANA name (`Europe/Paris`).
    pub zone: String,
}

/// The portal's part of the JSON API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    http::openapi()
}

/// The portal, ready to be merged.
pub fn tool(mut deps: Deps) -> Tool {
    let news = Arc::new(service::News::new(&deps));
    let announcements = Arc::new(service::AnnouncementSearch(Arc::clone(&news)));
    deps.sources.insert(0, announcements);
    let mut jobs: Vec<Arc<dyn JobHandler>> = vec![
        Arc::new(service::Forgetting::new(Arc::clone(&deps.clock))),
        Arc::new(service::RequestNotices::new(
            Arc::clone(&deps.directory),
            Arc::clone(&deps.notify),
        )),
        Arc::new(service::EndApplications::new(Arc::clone(
            &deps.applications,
        ))),
    ];
    jobs.extend(news.jobs());
    let consumers = news.consumers();
    let portal = service::Portal::new(deps, Arc::clone(&news));
    let (router, openapi) = http::router(Arc::new(portal), news);
    Tool {
        name: "portal",
        router,
        openapi,
        migrations: MIGRATIONS,
        jobs,
        consumers,
    }
}
