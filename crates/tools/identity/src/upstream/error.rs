//! Why a sign-in at a provider did not succeed, and what people are told.

use kernel::{Problem, Text, Timestamp};

use crate::pages::failure::Failure;

/// The calls to a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Its metadata (OpenID Connect Discovery 1.0 §4).
    Discovery,
    /// Its keys.
    Keys,
    /// The code for tokens.
    Token,
    /// The claims.
    Userinfo,
}

/// Why a call gave nothing of use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallFault {
    /// It was not made: the provider has not answered for a while.
    #[error("left alone: no answer since {}", since.millis())]
    Down {
        /// Since when.
        since: Timestamp,
    },
    /// No answer came, or a gateway's.
    #[error("no answer: {cause}")]
    Network {
        /// For the log; never a secret.
        cause: String,
    },
    /// Our guard or our configuration stopped it.
    #[error("not sent: {cause}")]
    NotSent {
        /// For the log.
        cause: String,
    },
    /// A status of failure.
    #[error("status {status}, error {}", code.as_deref().unwrap_or("unnamed"))]
    Status {
        /// The status.
        status: u16,
        /// The OAuth error, if it gave one.
        code: Option<String>,
    },
    /// An answer that cannot be read or accepted.
    #[error("unusable answer: {0}")]
    Document(&'static str),
}

/// Why a sign-in at a provider did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum UpstreamError {
    /// Not in service, or not known (any more).
    #[error("the provider is disabled")]
    Disabled,
    /// It has not answered for a while: nothing was sent.
    #[error("the provider has not answered since {} ({step:?})", since.millis())]
    Down {
        /// What was to be called.
        step: Step,
        /// Since when.
        since: Timestamp,
    },
    /// Its metadata.
    #[error("discovery: {0}")]
    Discovery(CallFault),
    /// Its keys.
    #[error("keys: {0}")]
    KeysCall(CallFault),
    /// Its token endpoint.
    #[error("token endpoint: {0}")]
    TokenCall(CallFault),
    /// Its userinfo endpoint.
    #[error("userinfo endpoint: {0}")]
    UserinfoCall(CallFault),
    /// A token's form, signature, issuer, audience or dates.
    #[error("token: {0}")]
    TokenRefused(#[from] jose::Error),
    /// A well-signed token says something that cannot be accepted.
    #[error("token: {0}")]
    TokenInvalid(&'static str),
    /// It answered with an error (RFC 6749 §4.1.2.1).
    #[error("the provider refused: {code}")]
    Refused {
        /// The registered code.
        code: String,
        /// Its own words: plain text of at most 300 characters, to be escaped like any text.
        description: Option<String>,
    },
    /// It answered with neither code nor error.
    #[error("the answer has no code")]
    NoCode,
    /// The answer is not to the request this tab sent.
    #[error("the state is not the one sent")]
    State,
    /// The answer is another issuer's (RFC 9207).
    #[error("the answer is another issuer’s")]
    MixUp,
    /// A claim of the contract is missing or malformed.
    #[error("claim {what} is missing or malformed")]
    InvalidIdentity {
        /// Which.
        what: &'static str,
    },
    /// The address is outside the provider's domains.
    #[error("the provider does not vouch for {domain}")]
    DomainNotVouched {
        /// The address's domain.
        domain: String,
    },
    /// Our own key or secret for this provider cannot be used.
    #[error("our credentials for this provider cannot be used: {0}")]
    Credentials(&'static str),
}

/// How long a page waits before it proposes another try.
const RETRY_SECONDS: u32 = 10;

impl UpstreamError {
    /// The number of ProConnect's that integrators know.
    pub const fn failure(&self) -> Failure {
        match self {
            Self::Disabled => Failure::ProviderDisabled,
            Self::Discovery(_)
            | Self::KeysCall(_)
            | Self::Down {
                step: Step::Discovery | Step::Keys,
                ..
            } => Failure::Discovery,
            Self::TokenCall(_)
            | Self::Credentials(_)
            | Self::Down {
                step: Step::Token, ..
            } => Failure::TokenCall,
            Self::UserinfoCall(_)
            | Self::Down {
                step: Step::Userinfo,
                ..
            } => Failure::Userinfo,
            Self::TokenRefused(_) | Self::TokenInvalid(_) => Failure::TokenInvalid,
            Self::Refused { .. } | Self::NoCode | Self::MixUp => Failure::ProviderError,
            Self::State => Failure::NoSession,
            Self::InvalidIdentity { .. } => Failure::InvalidIdentity,
            Self::DomainNotVouched { .. } => Failure::AddressOutside,
        }
    }

    /// What the administrator who tries a provider is told: what people are told, and what its
    /// own team needs to mend it. Never what lies on our side of the call.
    pub(crate) fn for_administrators(&self) -> Text {
        let title = self.failure().title();
        match self {
            Self::Discovery(fault)
            | Self::KeysCall(fault)
            | Self::TokenCall(fault)
            | Self::UserinfoCall(fault)
                if !matches!(fault, CallFault::Status { .. } | CallFault::Document(_)) =>
            {
                title
            }
            Self::Disabled | Self::Down { .. } | Self::State => title,
            cause => Text::made(
                format!("{} ({cause})", title.fr.trim_end_matches('.')),
                format!("{} ({cause})", title.en.trim_end_matches('.')),
            ),
        }
    }

    /// What people are told; never the inner cause.
    pub fn problem(&self) -> Problem {
        let failure = self.failure();
        let outage = self.is_outage();
        let status = if outage { 503 } else { failure.status() };
        let problem =
            Problem::new(status, failure.code(), failure.title()).with_detail(failure.advice());
        if outage {
            problem.with_retry_after(RETRY_SECONDS)
        } else {
            problem
        }
    }

    /// Whether the provider does not answer: another try may help, nothing here will.
    pub const fn is_outage(&self) -> bool {
        match self {
            Self::Down { .. } => true,
            Self::Discovery(fault)
            | Self::KeysCall(fault)
            | Self::TokenCall(fault)
            | Self::UserinfoCall(fault) => {
                matches!(fault, CallFault::Network { .. } | CallFault::Down { .. })
            }
            _ => false,
        }
    }

    /// Since when it has not answered, when that is known.
    pub const fn since(&self) -> Option<Timestamp> {
        match self {
            Self::Down { since, .. } => Some(*since),
            _ => None,
        }
    }

    /// Whether the provider says that it could not reach the level demanded: by the code made for
    /// it (OpenID Connect Core Unmet Authentication Requirements 1.0), or by the words that
    /// ProConnect's contract has for it.
    pub fn is_unmet_level(&self) -> bool {
        const WORDS: &str = "requested ACRs could not be satisfied";
        match self {
            Self::Refused { code, description } => {
                code == "unmet_authentication_requirements"
                    || (code == "access_denied" && description.as_deref() == Some(WORDS))
            }
            _ => false,
        }
    }

    /// The provider's own words, plain text to be escaped like any text.
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Refused { description, .. } => description.as_deref(),
            _ => None,
        }
    }

    /// The fault of a call, by its step.
    pub(super) fn of(step: Step, fault: CallFault) -> Self {
        if let CallFault::Down { since } = fault {
            return Self::Down { step, since };
        }
        match step {
            Step::Discovery => Self::Discovery(fault),
            Step::Keys => Self::KeysCall(fault),
            Step::Token => Self::TokenCall(fault),
            Step::Userinfo => Self::UserinfoCall(fault),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network() -> CallFault {
        CallFault::Network {
            cause: "nobody listens".into(),
        }
    }

    #[test]
    fn a_level_that_was_not_reached_is_known_by_its_code_or_by_the_contract_s_words() {
        let refused = |code: &str, description: Option<&str>| UpstreamError::Refused {
            code: code.to_owned(),
            description: description.map(str::to_owned),
        };
        let words = Some("requested ACRs could not be satisfied");
        assert!(refused("access_denied", words).is_unmet_level());
        assert!(refused("unmet_authentication_requirements", None).is_unmet_level());
        assert!(!refused("access_denied", Some("the person said no")).is_unmet_level());
        assert!(!refused("access_denied", None).is_unmet_level());
        assert!(!refused("server_error", words).is_unmet_level());
        assert!(!UpstreamError::NoCode.is_unmet_level());
    }

    #[test]
    fn every_cause_has_the_number_that_runbooks_know() {
        let since = Timestamp::from_seconds(1);
        for (cause, kind, status) in [
            (UpstreamError::Disabled, "Y020017", 403),
            (
                UpstreamError::of(Step::Token, CallFault::Document("x")),
                "Y020026",
                502,
            ),
            (UpstreamError::of(Step::Token, network()), "Y020026", 503),
            (
                UpstreamError::of(Step::Userinfo, CallFault::Document("x")),
                "Y020027",
                502,
            ),
            (
                UpstreamError::of(Step::Userinfo, CallFault::Down { since }),
                "Y020027",
                503,
            ),
            (UpstreamError::TokenInvalid("nonce"), "Y020030", 502),
            (
                UpstreamError::TokenRefused(jose::Error::Signature),
                "Y020030",
                502,
            ),
            (
                UpstreamError::of(Step::Discovery, CallFault::Document("x")),
                "Y020031",
                502,
            ),
            (
                UpstreamError::of(Step::Keys, CallFault::Down { since }),
                "Y020031",
                503,
            ),
            (UpstreamError::NoCode, "Y020032", 502),
            (UpstreamError::MixUp, "Y020032", 502),
            (UpstreamError::State, "Y190001", 400),
            (
                UpstreamError::InvalidIdentity { what: "email" },
                "Y500006",
                502,
            ),
            (
                UpstreamError::DomainNotVouched {
                    domain: "x.fr".into(),
                },
                "Y500027",
                403,
            ),
            (UpstreamError::Credentials("key"), "Y020026", 502),
        ] {
            let problem = cause.problem();
            assert_eq!((problem.kind, problem.status), (kind, status), "{cause}");
            assert_eq!(problem.retry_after.is_some(), cause.is_outage(), "{cause}");
        }
    }

    #[test]
    fn only_silence_is_an_outage() {
        assert!(UpstreamError::of(Step::Token, network()).is_outage());
        let refused = CallFault::Status {
            status: 400,
            code: Some("invalid_grant".into()),
        };
        assert!(!UpstreamError::of(Step::Token, refused).is_outage());
        assert!(!UpstreamError::State.is_outage());
    }
}
