//! `[mail]`.

use std::path::PathBuf;

use kernel::Secret;
use serde::Deserialize;

/// `[mail]`: the server through which mails leave; absent: none do.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MailSection {
    /// Its name, which its certificate bears.
    pub(crate) host: String,
    /// Its port; that of `security` when absent.
    #[serde(default)]
    pub(crate) port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub(crate) security: MailSecurity,
    /// The account there; absent: none.
    #[serde(default)]
    pub(crate) user: Option<String>,
    /// Its password (best by `BESACE__MAIL__PASSWORD`).
    #[serde(default)]
    pub(crate) password: Option<Secret>,
    /// A file that holds it, instead.
    #[serde(default)]
    pub(crate) password_file: Option<PathBuf>,
    /// Who writes: `Besace <besace@besace.example>`.
    pub(crate) from: String,
}

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailSecurity {
    /// TLS before anything is said.
    #[default]
    StartTls,
    /// TLS from the first byte.
    Tls,
    /// In clear, on this machine only.
    None,
}
