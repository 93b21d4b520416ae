//! Where data lives.

use std::path::PathBuf;

/// Connections of the PostgreSQL pool when nothing else is said; 8 to 12 serve two cores.
pub const DEFAULT_CONNECTIONS: usize = 10;

/// Which database, and where.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseConfig {
    /// A file `besace.sqlite` in a folder of its own, used by one process at a time.
    Sqlite {
        /// The data folder; made when missing.
        folder: PathBuf,
    },
    /// A PostgreSQL server, 15 or later.
    Postgres {
        /// `postgres://user:password@host:port/database`, with `?sslmode=require` for TLS; the
        /// server's certificate is then checked against the machine's authorities (or those of
        /// the file that `SSL_CERT_FILE` names).
        url: String,
        /// Most connections at once; see [`DEFAULT_CONNECTIONS`].
        max_connections: usize,
    },
}

impl std::fmt::Debug for DatabaseConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite { folder } => f.debug_struct("Sqlite").field("folder", folder).finish(),
            // The URL holds a password.
            Self::Postgres {
                max_connections, ..
            } => f
                .debug_struct("Postgres")
                .field("max_connections", max_connections)
                .finish_non_exhaustive(),
        }
    }
}

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    /// The file.
    Sqlite,
    /// The server.
    Postgres,
}
