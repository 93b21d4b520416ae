//! Everything that can go wrong in this tool, and the one mapping to what people are told.

use kernel::{Problem, Text};
use kernel_db::{CheckpointError, DbError};

use crate::domain::agent::AgentState;
use crate::domain::authorize::UntrustedRequest;
use crate::domain::credential::TokenRefusal;
use crate::domain::import::Refusal;
use crate::domain::invitation::InvitationRefusal;
use crate::domain::life::LifeRefusal;
use crate::domain::local_account::LocalAccountRefusal;
use crate::domain::role::RoleRefusal;
use crate::local::VerifyError;
use crate::service::providers::ProviderRefusal;
use crate::upstream::UpstreamError;

/// A failure of the tool, named by its cause.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The request cannot be answered at a redirect address.
    #[error("{0}")]
    Untrusted(#[from] UntrustedRequest),
    /// The sign-in under way is unknown here: too old, another browser, or finished.
    #[error("no sign-in is under way under this name")]
    NoInteraction,
    /// What must be kept during the sign-in does not fit into a cookie.
    #[error("the sign-in is too large to be kept")]
    TooLarge,
    /// The page was not served by us, or is too old.
    #[error("the form does not carry its token")]
    ForgedForm,
    /// The ministry's provider refused, lied or did not answer.
    #[error("provider {provider}: {cause}")]
    Upstream {
        /// Whose.
        provider: String,
        /// What happened.
        #[source]
        cause: UpstreamError,
    },
    /// The provider is not configured here.
    #[error("no such provider")]
    UnknownProvider,
    /// The agent may not sign in.
    #[error("an agent who is {} cannot sign in", .0.word())]
    AgentState(AgentState),
    /// The application lets in public agents only.
    #[error("the agent is not a public agent")]
    NotPublicAgent,
    /// A page of ours demands a level that the ministry did not reach.
    #[error("the level that is demanded was not reached")]
    TooWeak,
    /// The application is of no tool that is shared with this guest.
    #[error("this application is not shared with this guest")]
    NotShared,
    /// Nobody is invited so, or nothing is done to an invitation.
    #[error("{0}")]
    Invitation(#[from] InvitationRefusal),
    /// Codes were asked for too often.
    #[error("too many codes were asked for")]
    TooManyCodes,
    /// The network that asks has asked too often.
    #[error("too many such requests came from one network")]
    TooManyFromNetwork {
        /// Until it may ask again.
        seconds: u32,
    },
    /// A role is neither given nor taken.
    #[error("{0}")]
    Role(#[from] RoleRefusal),
    /// A browser's session is needed, and none speaks.
    #[error("no session speaks")]
    NoSession,
    /// No token is made.
    #[error("{0}")]
    Token(#[from] TokenRefusal),
    /// Nothing is done to an account.
    #[error("{0}")]
    Life(#[from] LifeRefusal),
    /// Nothing is done to a password account.
    #[error("{0}")]
    LocalAccount(#[from] LocalAccountRefusal),
    /// A directory's file cannot be used.
    #[error("{0}")]
    File(#[from] Refusal),
    /// An import is being written.
    #[error("the import is being written")]
    ImportRunning,
    /// A thread of ours fell.
    #[error("a worker fell")]
    Worker,
    /// An administration would be below itself.
    #[error("an administration cannot be below itself")]
    Circle,
    /// A provider is not shown or changed so.
    #[error("{0}")]
    Provider(#[from] ProviderRefusal),
    /// The local accounts refused.
    #[error(transparent)]
    Local(#[from] VerifyError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] DbError),
    /// The journal's checkpoint cannot be read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A token could not be made or read.
    #[error("token: {0}")]
    Jose(#[from] jose::Error),
    /// A tool that keeps something of agents did not answer.
    #[error("{tool}: {cause}")]
    Keeper {
        /// Which.
        tool: &'static str,
        /// Why.
        #[source]
        cause: kernel::port::PortError,
    },
    /// The cursor is not one that a page gave.
    #[error("the cursor is not one of ours")]
    Cursor,
    /// A value of ours could not be written.
    #[error("encoding: {0}")]
    Encoding(#[from] serde_json::Error),
}

impl IdentityError {
    /// What people are told; never the inner cause.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Untrusted(UntrustedRequest::Client) => Problem::new(
                400,
                "invalid_client",
                Text::fixed(
                    "Cette application n’est pas connue de Besace.",
                    "This application is not known to Besace.",
                ),
            ),
            Self::Untrusted(UntrustedRequest::RedirectUri) => Problem::new(
                400,
                "invalid_redirect_uri",
                Text::fixed(
                    "L’adresse de retour de cette application n’est pas enregistrée.",
                    "This application’s return address is not registered.",
                ),
            ),
            Self::NoInteraction => Problem::new(
                400,
                "Y190001",
                Text::fixed(
                    "Cette connexion n’est plus en cours.",
                    "This sign-in is no longer under way.",
                ),
            ),
            Self::TooLarge => Problem::new(
                400,
                "Y000400",
                Text::fixed(
                    "Cette demande de connexion est trop longue.",
                    "This sign-in request is too long.",
                ),
            ),
            Self::ForgedForm => Problem::new(
                403,
                "Y470001",
                Text::fixed(
                    "Ce formulaire n’est plus valable.",
                    "This form is no longer valid.",
                ),
            ),
            Self::Upstream { cause, .. } => cause.problem(),
            Self::UnknownProvider => Problem::new(
                404,
                "Y500001",
                Text::fixed(
                    "Aucune administration ne porte ce nom.",
                    "No administration has this name.",
                ),
            ),
            Self::AgentState(AgentState::Departed | AgentState::Erased) => Problem::new(
                403,
                "Y500024",
                Text::fixed("Votre compte est clos.", "Your account is closed."),
            ),
            Self::AgentState(_) => Problem::new(
                403,
                "Y500024",
                Text::fixed("Votre compte est suspendu.", "Your account is suspended."),
            ),
            Self::NotPublicAgent => Problem::new(
                403,
                "Y500015",
                Text::fixed(
                    "Cette application est réservée aux agents publics.",
                    "This application is for public agents only.",
                ),
            ),
            Self::TooWeak => Problem::new(
                403,
                "level-not-reached",
                Text::fixed(
                    "Cette page demande une connexion avec un second facteur.",
                    "This page demands a sign-in with a second factor.",
                ),
            ),
            Self::NotShared => Problem::new(
                403,
                "not-shared",
                Text::fixed(
                    "Cette application n’est pas partagée avec vous.",
                    "This application is not shared with you.",
                ),
            ),
            Self::Invitation(cause) => crate::texts::guests::problem(*cause),
            Self::TooManyCodes => Problem::new(
                429,
                "too-many-codes",
                Text::fixed(
                    "Trop de codes ont été demandés. Réessayez dans une heure.",
                    "Too many codes were asked for. Try again in an hour.",
                ),
            ),
            Self::TooManyFromNetwork { seconds } => kernel_http::rate::too_many(*seconds),
            Self::Role(cause) => crate::texts::roles::problem(*cause),
            Self::NoSession => Problem::sign_in_required(),
            Self::Token(cause) => crate::texts::tokens::problem(*cause),
            Self::Life(cause) => crate::texts::life::problem(*cause),
            Self::LocalAccount(cause) => crate::texts::local_account::problem(*cause),
            Self::File(cause) => crate::texts::import::refusal(cause),
            Self::ImportRunning => Problem::new(
                409,
                "import-running",
                Text::fixed(
                    "Cet import est en cours. Attendez qu’il soit terminé.",
                    "This import is under way. Wait until it has ended.",
                ),
            ),
            Self::Circle => Problem::new(
                422,
                "circle",
                Text::fixed(
                    "Une administration ne peut pas être placée sous elle-même.",
                    "An administration cannot be placed below itself.",
                ),
            ),
            Self::Cursor => Problem::new(
                400,
                "invalid-cursor",
                Text::fixed(
                    "La suite de cette liste ne peut pas être retrouvée. Reprenez-la du début.",
                    "The rest of this list cannot be found. Start it again.",
                ),
            ),
            Self::Provider(cause) => crate::texts::providers::problem(cause),
            Self::Local(cause) => cause.problem(),
            Self::Database(DbError::Unreachable(_) | DbError::Busy | DbError::Conflict) => {
                Problem::unavailable(5)
            }
            Self::Keeper { .. } => Problem::unavailable(30),
            Self::Database(_)
            | Self::Checkpoint(_)
            | Self::Jose(_)
            | Self::Encoding(_)
            | Self::Worker => Problem::internal(),
        }
    }
}
