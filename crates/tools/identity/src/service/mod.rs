//! Use cases: authorise → decide → store → emit.

mod access;
pub(crate) mod account;
mod address;
pub(crate) mod administration;
mod applications;
pub(crate) mod authorize;
mod bearers;
pub(crate) mod clients;
pub(crate) mod directory;
pub(crate) mod end_session;
pub(crate) mod erase;
mod export;
pub(crate) mod guests;
pub(crate) mod imports;
mod interactions;
pub(crate) mod introspection;
pub(crate) mod journal;
pub mod keys;
pub(crate) mod life;
pub(crate) mod local_accounts;
pub mod local_office;
pub(crate) mod local_password;
pub mod people;
pub(crate) mod providers;
pub(crate) mod refresh;
pub(crate) mod rename;
pub(crate) mod revocation;
pub(crate) mod roles;
pub(crate) mod second_factor;
mod seen;
mod session_ends;
mod sessions;
pub mod sign_in;
pub(crate) mod token;
pub(crate) mod tokens;
pub(crate) mod userinfo;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jiff::tz::TimeZone;
use kernel::port::{Erase, Names, Notify, OrganisationFacts};
use kernel::{CredentialId, SessionId};
use kernel_db::Revised;
use kernel_http::{House, Sealer};
use kernel_mail::Mailer;

use self::clients::Clients;
use self::guests::Guests;
use self::keys::{Keys, Locksmith};
use self::providers::Providers;
use self::seen::Seen;
use self::session_ends::Heard;
use crate::config::{IdentityConfig, SignIn, issuer};
use crate::domain::acr::Acr;
use crate::domain::role::ConfiguredGrant;
use crate::error::IdentityError;
use crate::local::{Attempts, LIMITS, LocalAccounts, PasswordHashing, Realm, VerifyError};
use crate::store::revision::ORGANISATIONS;
use crate::upstream::Upstreams;

/// The tool's state, shared by its handlers.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

/// What the tool is made of; its parts are its own.
pub struct Inner {
    pub(crate) house: House,
    pub(crate) sealer: Sealer,
    pub(crate) issuer: String,
    pub(crate) keys: Keys,
    pub(crate) clients: Clients,
    pub(crate) method: Method,
    /// How long a signing key signs.
    pub(crate) key_period: Duration,
    /// The least level of a session whose roles may be used; none: any.
    pub(crate) administration_level: Option<Acr>,
    /// Roles that the configuration gives to addresses.
    pub(crate) grants: Vec<ConfiguredGrant>,
    /// The administrations in the order of their labels.
    pub(crate) organisations: Revised<Vec<OrganisationFacts>>,
    /// The other tools that keep something of agents.
    pub(crate) keepers: OnceLock<Vec<Arc<dyn Erase>>>,
    /// When sessions were last seen.
    pub(crate) seen: Seen<SessionId>,
    /// When tokens were last used.
    pub(crate) used: Seen<CredentialId>,
    /// Ends of sessions that this process's pages have been told.
    pub(crate) heard: Heard,
    /// What other tools call their things, told once they are there.
    pub(crate) foreign: OnceLock<Arc<dyn Names>>,
    /// The inbox of agents, once it is there.
    pub(crate) notify: OnceLock<Arc<dyn Notify>>,
    /// What inviting needs, told once the other tools are there; none: nobody is invited here.
    pub(crate) guests: OnceLock<Guests>,
    /// How often guests try the codes of their second factors.
    pub(crate) guest_attempts: Attempts,
    /// Zone of the times on pages seen before anybody is known.
    pub(crate) zone: TimeZone,
    /// Where mails go, told once.
    pub(crate) mailer: OnceLock<Mailer>,
}

/// Where people prove who they are, ready to serve.
pub(crate) enum Method {
    /// At their ministry's provider.
    Upstream(Providers),
    /// Here.
    Local {
        /// The accounts.
        accounts: Box<LocalAccounts>,
        /// The realm whose accounts sign in.
        realm: Realm,
        /// The administration of accounts without one.
        organisation: kernel::OrganisationId,
    },
}

impl std::ops::Deref for Identity {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Identity {
    /// Loads or makes the signing keys, writes the configured administrations, starts the tool.
    /// The migrations must have run.
    ///
    /// # Errors
    /// When the database refuses or a stored key cannot be opened with this master key.
    pub async fn start(house: House, config: IdentityConfig) -> Result<Self, IdentityError> {
        let sealer = house.sealer();
        let keys = Keys::start(&Locksmith::of(&house)).await?;
        let now = house.clock.now();
        let organisations = Arc::new(config.organisations);
        house
            .db
            .write(move |tx| {
                let organisations = Arc::clone(&organisations);
                Box::pin(async move {
                    for organisation in organisations.iter() {
                        crate::store::organisation::upsert(tx, organisation, now).await?;
                    }
                    Ok::<(), IdentityError>(())
                })
            })
            .await?;
        let issuer = issuer(&house.site.base_url);
        let method = match config.sign_in {
            SignIn::Upstream {
                providers,
                outgoing,
            } => {
                let base_url = house.site.base_url.clone();
                let (clock, rng) = (Arc::clone(&house.clock), Arc::clone(&house.rng));
                let configured = Upstreams::new(providers, &outgoing, base_url, clock, rng);
                let providers = Providers::new(configured, &house, sealer.clone());
                // What the pages show without waiting is known from the start.
                providers.current().await?;
                Method::Upstream(providers)
            }
            SignIn::Local {
                realm,
                organisation,
                exempt,
            } => Method::Local {
                accounts: Box::new(LocalAccounts::new(
                    house.db.clone(),
                    Arc::clone(&house.clock),
                    PasswordHashing::start(Arc::clone(&house.rng)).map_err(VerifyError::Hashing)?,
                    Attempts::new(LIMITS, exempt),
                )),
                realm,
                organisation,
            },
        };
        let clients = Clients::new(config.clients, house.db.clone(), Arc::clone(&house.clock));
        let grants = config.grants;
        let administration_level = config.administration_level;
        let organisations = Revised::new(
            house.db.clone(),
            Arc::clone(&house.clock),
            ORGANISATIONS,
            Vec::new(),
        );
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        let identity = Self(Arc::new(Inner {
            house,
            sealer,
            issuer,
            keys,
            clients,
            method,
            key_period: config.key_period,
            administration_level,
            grants,
            organisations,
            keepers: OnceLock::new(),
            seen: Seen::new(seen::OF_SESSIONS),
            used: Seen::new(seen::OF_TOKENS),
            heard: Heard::default(),
            foreign: OnceLock::new(),
            notify: OnceLock::new(),
            guests: OnceLock::new(),
            guest_attempts: Attempts::new(LIMITS, Vec::new()),
            zone,
            mailer: OnceLock::new(),
        }));
        identity.settle_roles().await?;
        Ok(identity)
    }

    /// Where mails go from here on; none is sent before. The first that is told stays.
    pub fn mail_by(&self, mailer: Mailer) {
        let _ = self.mailer.set(mailer);
    }

    pub(crate) fn mailer(&self) -> Mailer {
        self.mailer.get().cloned().unwrap_or_else(Mailer::none)
    }

    /// Lets another tool say what its things are called, in what is read of the journal. The
    /// first that is told stays.
    pub fn name_by(&self, names: Arc<dyn Names>) {
        let _ = self.foreign.set(names);
    }
}
