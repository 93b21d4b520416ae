//! Whether a server can be used, for `besace check`.

use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use kernel::{Rng, RngExt as _};
use tokio::time::timeout;

use super::{NatsConfig, subscribe};
use crate::BusError;

/// No longer than this, whole.
const PATIENCE: Duration = Duration::from_secs(4);

/// Connects, publishes to ourselves and hears it; the version of the server.
///
/// # Errors
/// What is wrong, in words for the operator.
pub async fn look(config: &NatsConfig, rng: &dyn Rng) -> Result<String, BusError> {
    let subject = format!("{}.probe.{}", config.prefix, hex::encode(rng.bytes::<16>()));
    let whole = async {
        let client = config.connect(config.options()?).await?;
        let mut echo = subscribe(&client, subject.clone()).await?;
        let sent = client.publish(subject, Bytes::new()).await;
        sent.map_err(|cause| BusError::Refused(cause.to_string()))?;
        match timeout(PATIENCE / 2, echo.next()).await {
            Ok(Some(_)) => Ok(client.server_info().version),
            Ok(None) | Err(_) => Err(BusError::NoEcho(config.prefix.clone())),
        }
    };
    timeout(PATIENCE, whole)
        .await
        .unwrap_or(Err(BusError::Silent))
}
