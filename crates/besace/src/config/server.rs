//! `[http]`, `[database]`, `[keys]`, `[journal]`, `[outgoing]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use ipnet::IpNet;
use kernel::Secret;
use serde::Deserialize;
use url::Url;

/// `[http]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct HttpSection {
    /// Address and port to listen on.
    pub(crate) listen: SocketAddr,
    /// Where browsers reach the instance; `http://localhost:PORT/` when absent.
    pub(crate) base_url: Option<Url>,
    /// Where `/metrics` is served: a loopback address; absent: nowhere.
    pub(crate) metrics: Option<SocketAddr>,
    /// Networks of the proxies whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Vec<IpNet>,
    /// Networks that no limit per address holds back (a ministry's shared exit).
    pub(crate) rate_exceptions: Vec<IpNet>,
    /// Certificate and key; absent: plain HTTP, behind a proxy or on the loopback.
    pub(crate) tls: Option<TlsSection>,
}

impl Default for HttpSection {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            base_url: None,
            metrics: None,
            trusted_proxies: Vec::new(),
            rate_exceptions: Vec::new(),
            tls: None,
        }
    }
}

/// `[http.tls]`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TlsSection {
    /// The chain, leaf first, in PEM.
    pub(crate) certificate: PathBuf,
    /// The private key, in PEM.
    pub(crate) key: PathBuf,
}

/// `[database]`: a folder for SQLite, or an address for PostgreSQL.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct DatabaseSection {
    /// SQLite's folder.
    pub(crate) folder: PathBuf,
    /// PostgreSQL's address (`postgres://…`); when present, the folder holds no database.
    pub(crate) url: Option<Secret>,
    /// Connections to PostgreSQL.
    pub(crate) max_connections: usize,
}

impl Default for DatabaseSection {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("data"),
            url: None,
            max_connections: kernel_db::DEFAULT_CONNECTIONS,
        }
    }
}

/// `[keys]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct KeysSection {
    /// The master key: 64 hexadecimal digits or base64 (best by `BESACE__KEYS__MASTER`).
    pub(crate) master: Option<Secret>,
    /// A file of mode 0600 that holds it; made at the first start when absent. Beside the data
    /// when neither is given.
    pub(crate) master_file: Option<PathBuf>,
    /// Master keys that open and never seal, while the key changes: those of before, and on several
    /// nodes the one to come (best by `BESACE__KEYS__ACCEPTED`).
    pub(crate) accepted: Vec<Secret>,
    /// Files of mode 0600 that hold such keys.
    pub(crate) accepted_files: Vec<PathBuf>,
    /// Days that a key signs tokens before the next does; 30 when absent.
    pub(crate) rotation_days: Option<u16>,
}

/// `[journal]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct JournalSection {
    /// Where the signed checkpoint goes, best on another disk; beside the data when absent.
    pub(crate) checkpoint_file: Option<PathBuf>,
    /// How many months entries are kept, 6 to 60; 12 when absent.
    pub(crate) retention_months: Option<u16>,
}

/// `[outgoing]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct OutgoingSection {
    /// What may be reached although it is not public: `host`, `host:port`, an address or a CIDR.
    pub(crate) allow: Vec<String>,
    /// Proxy of each provider, by the provider's id.
    pub(crate) proxies: std::collections::BTreeMap<String, Url>,
    /// Files of certification authorities believed beside the system's, in PEM.
    pub(crate) extra_roots: Vec<PathBuf>,
}
