//! The numbers that tell two states of a kind of rows apart.

use kernel_db::{DbError, Revision, Tx, values};

/// Rows that are kept in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Applications registered at run time.
    Client,
    /// Signing keys.
    Key,
    /// Administrations and their places.
    Organisation,
    /// Identity providers plugged in at run time.
    Provider,
}

impl Kind {
    const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Key => "key",
            Self::Organisation => "organisation",
            Self::Provider => "provider",
        }
    }
}

/// Applications registered at run time.
pub const CLIENTS: Revision = Revision {
    name: "identity.clients",
    read: |tx| Box::pin(current(tx, Kind::Client)),
    topic: None,
};

/// Signing keys.
pub const KEYS: Revision = Revision {
    name: "identity.keys",
    read: |tx| Box::pin(current(tx, Kind::Key)),
    topic: None,
};

/// Administrations and their places.
pub const ORGANISATIONS: Revision = Revision {
    name: "identity.organisations",
    read: |tx| Box::pin(current(tx, Kind::Organisation)),
    topic: None,
};

/// Identity providers plugged in at run time.
pub const PROVIDERS: Revision = Revision {
    name: "identity.providers",
    read: |tx| Box::pin(current(tx, Kind::Provider)),
    topic: None,
};

/// The state the rows of this kind are in.
///
/// # Errors
/// When the database refuses.
pub async fn current(tx: &mut Tx, kind: Kind) -> Result<i64, DbError> {
    let row = tx
        .query_optional(
            "SELECT revision FROM identity_revision WHERE kind = $1",
            &values![kind.word()],
        )
        .await?;
    row.map_or(Ok(0), |row| row.get("revision"))
}

/// Says that rows of this kind changed. Call it in each transaction that writes any.
///
/// # Errors
/// When the database refuses.
pub async fn raise(tx: &mut Tx, kind: Kind) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO identity_revision (kind, revision) VALUES ($1, 1)
         ON CONFLICT (kind) DO UPDATE SET revision = identity_revision.revision + 1",
        &values![kind.word()],
    )
    .await?;
    Ok(())
}
