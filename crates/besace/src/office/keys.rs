//! The orders about keys, the same in a command and in the server.

use super::{Answer, Order};
use crate::commands::keys::told;
use crate::compose::StartError;
use crate::keyring::Keyring;

/// Carries one out.
///
/// # Errors
/// What keeps it from being done.
pub(crate) async fn of_keys(
    order: Order,
    keyring: &Keyring,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Answer, StartError> {
    match order {
        Order::Keys => Ok(Answer::Keys(Box::new(keyring.report().await?))),
        Order::RotateKeys => Ok(Answer::Rotated {
            made: keyring.rotate().await?,
        }),
        Order::WithdrawKey { kid } => match keyring.withdraw(&kid).await? {
            Some(done) => Ok(Answer::Withdrawn { lines: told(&done) }),
            None => Err(StartError::Told(format!(
                "{kid}: there is no such key; `besace admin keys list` shows them"
            ))),
        },
        Order::Reseal => Ok(keyring.reseal(progress).await?.into()),
        _ => Err(StartError::Told("that order is not about keys".to_owned())),
    }
}
