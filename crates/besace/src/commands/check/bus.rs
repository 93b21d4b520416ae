//! The bus between nodes: that what we publish comes back to us.

use kernel::OsRng;
use kernel_bus::BusError;

use super::Fact;
use crate::compose::bus_settings;
use crate::config::Config;

/// What the operator does about a bus that is down.
const MEND: &str = "start the NATS server, check bus.servers, the network to it and the account; \
                    until then the nodes find changes by comparing, within two seconds, and \
                    personal notifications wait for the next reading of a page";

/// Whether the bus passes messages on. One that does not is a warning: the nodes serve without.
pub(super) async fn fact(config: &Config) -> Fact {
    let Some(section) = &config.bus else {
        let found = "none: this is the only node, or the nodes find changes by comparing";
        return Fact::good("bus", found);
    };
    let settings = match bus_settings(section) {
        Ok(settings) => settings,
        Err(cause) => return Fact::error("bus", cause, "mend [bus]"),
    };
    match kernel_bus::look(&settings, &OsRng).await {
        Ok(version) => Fact::good("bus", format!("NATS {version} passes messages on")),
        Err(cause @ (BusError::Refused(_) | BusError::NoEcho(_) | BusError::Silent)) => {
            Fact::warning("bus", cause, MEND)
        }
        Err(cause) => Fact::error("bus", cause, "mend [bus]"),
    }
}
