//! `[bus]`.

use std::path::PathBuf;

use kernel::Secret;
use serde::Deserialize;
use url::Url;

/// `[bus]`: how the nodes of one installation tell each other what changed; absent: each finds
/// out by comparing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BusSection {
    /// NATS servers, those of one cluster: `nats://host:port`, or `tls://host:port`.
    pub(crate) servers: Vec<Url>,
    /// The account there; absent: none, or a token.
    #[serde(default)]
    pub(crate) user: Option<String>,
    /// Its password (best by `BESACE__BUS__PASSWORD`).
    #[serde(default)]
    pub(crate) password: Option<Secret>,
    /// A file that holds it, instead.
    #[serde(default)]
    pub(crate) password_file: Option<PathBuf>,
    /// A token instead of an account (best by `BESACE__BUS__TOKEN`).
    #[serde(default)]
    pub(crate) token: Option<Secret>,
    /// A file that holds it, instead.
    #[serde(default)]
    pub(crate) token_file: Option<PathBuf>,
    /// The word before all subjects: two installations at one server have two.
    #[serde(default = "prefix")]
    pub(crate) prefix: String,
    /// TLS beyond `tls://`: an authority or a certificate of ours.
    #[serde(default)]
    pub(crate) tls: Option<BusTlsSection>,
}

/// `[bus.tls]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct BusTlsSection {
    /// Authorities believed instead of the system's, in PEM.
    pub(crate) authorities: Option<PathBuf>,
    /// Our certificate, in PEM, for a server that asks for one.
    pub(crate) certificate: Option<PathBuf>,
    /// Its key, in PEM.
    pub(crate) key: Option<PathBuf>,
}

fn prefix() -> String {
    "besace".to_owned()
}
