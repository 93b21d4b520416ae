//! One sign-in for every tool: an OpenID Connect provider toward applications, and a relying
//! party toward the ministries' own providers, as AgentConnect (ProConnect) is.
//!
//! Specifications: OpenID Connect Core 1.0, Discovery 1.0, RP-Initiated Logout 1.0; RFC 6749,
//! 7636 (PKCE), 9207 (`iss` in answers); ProConnect's contract for scopes, claims, levels and
//! error numbers.
//!
//! Invariants
//! - Nothing is sent to an address that its client did not register, character by character.
//! - A code is good for once: spending it inserts the grant it names; a second try revokes it.
//! - A sign-in under way lives in a sealed cookie of its tab: no row but the journal's of a refusal
//!   is written before somebody has been proved, and two tabs never meet.
//! - An agent is (provider, subject), never an address (one whom a directory announced is found by
//!   the address once, at their first sign-in); `sub` is the same for every application,
//!   for ever.
//! - A ministry's provider vouches for its own domains only.
//! - A guest is no agent: nothing asked about agents finds one, no application has one but those of
//!   the tools shared with them, and nothing of theirs outlives the last invitation.
//!
//! Rooms: [`domain`] decides, [`service`] acts, [`store`] holds the SQL, [`upstream`] talks to
//! ministries, [`local`] keeps password accounts for providers run by this program, [`pages`]
//! draws, `http` has one endpoint a file. The places of SCIM, passkeys, pushed requests, DPoP,
//! the device grant, encrypted tokens and back-channel logout are beside these; none is built.

pub mod config;
pub mod domain;
pub mod error;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod http;
mod jobs;
pub mod local;
pub mod pages;
pub mod service;
pub mod store;
mod texts;
pub mod upstream;

use std::sync::Arc;

use kernel_db::{Migration, MigrationSet, SealedColumn};
use kernel_http::Tool;
use utoipa::OpenApi as _;

pub use config::{IdentityConfig, SignIn};
pub use error::IdentityError;
#[cfg(feature = "bench")]
pub use http::approve;
pub use service::Identity;
pub use service::guests::Guests;
pub use service::journal::file::{CheckError, Checked, check as check_journal_export};
pub use service::life::{Done as AccountDone, act_on_address};
pub use service::local_office::{Desk, Invitation, InviteError, Invited};
pub use service::providers::{PluggedIn, ProviderStatus, plugged_in};
pub use service::rename::{Renamed, Renaming, rename_domain};

/// The tool's tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    tool: "identity",
    migrations: &[
        Migration {
            number: 1,
            name: "identity",
            sqlite: include_str!("../migrations/sqlite/0001_identity.sql"),
            postgres: include_str!("../migrations/postgres/0001_identity.sql"),
        },
        Migration {
            number: 2,
            name: "local",
            sqlite: include_str!("../migrations/sqlite/0002_local.sql"),
            postgres: include_str!("../migrations/postgres/0002_local.sql"),
        },
        Migration {
            number: 3,
            name: "people",
            sqlite: include_str!("../migrations/sqlite/0003_people.sql"),
            postgres: include_str!("../migrations/postgres/0003_people.sql"),
        },
        Migration {
            number: 4,
            name: "roles and imports",
            sqlite: include_str!("../migrations/sqlite/0004_roles.sql"),
            postgres: include_str!("../migrations/postgres/0004_roles.sql"),
        },
        Migration {
            number: 5,
            name: "client",
            sqlite: include_str!("../migrations/sqlite/0005_client.sql"),
            postgres: include_str!("../migrations/postgres/0005_client.sql"),
        },
        Migration {
            number: 6,
            name: "provider",
            sqlite: include_str!("../migrations/sqlite/0006_provider.sql"),
            postgres: include_str!("../migrations/postgres/0006_provider.sql"),
        },
        Migration {
            number: 7,
            name: "heads",
            sqlite: include_str!("../migrations/sqlite/0007_heads.sql"),
            postgres: include_str!("../migrations/postgres/0007_heads.sql"),
        },
        Migration {
            number: 8,
            name: "refresh",
            sqlite: include_str!("../migrations/sqlite/0008_refresh.sql"),
            postgres: include_str!("../migrations/postgres/0008_refresh.sql"),
        },
        Migration {
            number: 9,
            name: "signing",
            sqlite: include_str!("../migrations/sqlite/0009_signing.sql"),
            postgres: include_str!("../migrations/postgres/0009_signing.sql"),
        },
        Migration {
            number: 10,
            name: "life",
            sqlite: include_str!("../migrations/sqlite/0010_life.sql"),
            postgres: include_str!("../migrations/postgres/0010_life.sql"),
        },
        Migration {
            number: 11,
            name: "credential",
            sqlite: include_str!("../migrations/sqlite/0011_credential.sql"),
            postgres: include_str!("../migrations/postgres/0011_credential.sql"),
        },
        Migration {
            number: 12,
            name: "guests",
            sqlite: include_str!("../migrations/sqlite/0012_guests.sql"),
            postgres: include_str!("../migrations/postgres/0012_guests.sql"),
        },
        Migration {
            number: 13,
            name: "factors",
            sqlite: include_str!("../migrations/sqlite/0013_factors.sql"),
            postgres: include_str!("../migrations/postgres/0013_factors.sql"),
        },
        Migration {
            number: 14,
            name: "guest_factor",
            sqlite: include_str!("../migrations/sqlite/0014_guest_factor.sql"),
            postgres: include_str!("../migrations/postgres/0014_guest_factor.sql"),
        },
        Migration {
            number: 15,
            name: "local_sent",
            sqlite: include_str!("../migrations/sqlite/0015_local_sent.sql"),
            postgres: include_str!("../migrations/postgres/0015_local_sent.sql"),
        },
    ],
};

/// The tool's columns of values that are sealed under the master key.
pub const SEALED: &[SealedColumn] = &[
    SealedColumn {
        table: "identity_key",
        column: "sealed",
        key: &["kid"],
        purpose: service::keys::PURPOSE,
        lasting: true,
    },
    SealedColumn {
        table: "identity_provider",
        column: "sealed_secret",
        key: &["id"],
        purpose: service::providers::SECRET,
        lasting: true,
    },
    SealedColumn {
        table: "identity_local_factor",
        column: "secret",
        key: &["id"],
        purpose: service::second_factor::SECRET,
        lasting: true,
    },
    SealedColumn {
        table: "identity_guest_factor",
        column: "secret",
        key: &["agent"],
        purpose: service::guests::FACTOR_SECRET,
        lasting: true,
    },
    // A session lasts twelve hours; without it the sign-out does not go on to the ministry.
    SealedColumn {
        table: "identity_session",
        column: "upstream_id_token",
        key: &["id"],
        purpose: service::end_session::UPSTREAM_TOKEN,
        lasting: false,
    },
];

/// The tool's part of the JSON API's description.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut all = http::ApiDoc::openapi();
    all.merge(http::account::openapi());
    all.merge(http::admin::openapi());
    all.merge(http::people::openapi());
    all.merge(http::organisations::openapi());
    all.merge(http::ProvidersDoc::openapi());
    all.merge(http::invitations::openapi());
    all
}

/// Every endpoint, as (method, path), those of a provider without a portal included.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    let all = http::routes::ROUTES.iter().chain(http::routes::LOCAL);
    all.map(|route| (route.method, route.path)).collect()
}

/// The tool, ready to be composed.
pub fn tool(identity: &Identity) -> Tool {
    Tool {
        name: "identity",
        router: http::router(identity.clone()),
        openapi: openapi(),
        migrations: MIGRATIONS,
        jobs: vec![
            Arc::new(jobs::Purge::new(Arc::clone(&identity.house.clock))),
            Arc::new(jobs::MakeWords),
            Arc::new(jobs::AddUpHeads),
            Arc::new(jobs::RotateKeys::new(identity.clone())),
            Arc::new(service::imports::apply::Apply::new(identity.clone())),
            Arc::new(service::erase::EraseJob::new(identity.clone())),
            Arc::new(service::erase::MergeJob::new(identity.clone())),
            Arc::new(service::tokens::Warn::new(identity.clone())),
            Arc::new(service::local_password::MailLink::new(identity.clone())),
            Arc::new(service::guests::CodeJob::new(identity.clone())),
            Arc::new(service::guests::AskJob::new(identity.clone())),
            Arc::new(service::guests::Retire::new(identity.clone())),
        ],
        consumers: Vec::new(),
    }
}
