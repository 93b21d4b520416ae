//! Looking whether a tool answers at an address, before it is published.

use std::time::Duration;

use kernel::{Caller, Role};
use kernel_http::OutgoingError;
use kernel_http::outgoing::Options;

use super::super::Portal;
use crate::domain::{AddressError, TileAddress};
use crate::error::PortalError;

/// The longest wait for an answer.
const MOST: Duration = Duration::from_secs(5);

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Checked {
    /// It answers, after so many milliseconds.
    Answers(u64),
    /// It is no address of a tool.
    NotAnAddress(AddressError),
    /// Not a public address, and not one that the operator named.
    NotReachedFromHere,
    /// No answer within five seconds.
    Silent,
    /// Nobody there, or no valid certificate.
    Unreachable,
    /// It answers that it does not work, with this status.
    Fails(u16),
}

impl Portal {
    /// Asks the address once. Following no redirect: a tool that leads to its sign-in works.
    ///
    /// # Errors
    /// [`PortalError::Forbidden`] for who administers nothing.
    pub(crate) async fn check_address(
        &self,
        caller: &Caller,
        text: &str,
    ) -> Result<Checked, PortalError> {
        self.must_hold(caller, Role::Administrator)?;
        let address = match TileAddress::parse(text.trim()) {
            Ok(address) => address,
            Err(error) => return Ok(Checked::NotAnAddress(error)),
        };
        let Ok(url) = url::Url::parse(address.as_str()) else {
            return Ok(Checked::NotAnAddress(AddressError::Malformed));
        };
        let asked_at = self.clock.now();
        let options = Options::default();
        let asked = tokio::time::timeout(MOST, self.outgoing.get(&url, &options)).await;
        let took = self.clock.now().since(asked_at);
        let took = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        Ok(match asked {
            Err(_) | Ok(Err(OutgoingError::TimedOut)) => Checked::Silent,
            Ok(Err(OutgoingError::Refused { .. })) => Checked::NotReachedFromHere,
            // More than we care to read is an answer.
            Ok(Err(OutgoingError::TooLarge { .. })) => Checked::Answers(took),
            Ok(Err(error)) => {
                tracing::debug!(%error, "an address does not answer");
                Checked::Unreachable
            }
            // Who has not signed in may be turned away: that is an answer of a tool that works.
            Ok(Ok(answer)) if matches!(answer.status, 401 | 403 | 200..=399) => {
                Checked::Answers(took)
            }
            Ok(Ok(answer)) => Checked::Fails(answer.status),
        })
    }
}
