//! What can go wrong between a tool and its database, named for the cause.

/// Why a database call failed. Cloneable, since one failed commit answers its whole group.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DbError {
    /// The server or the file cannot be reached.
    #[error("the database cannot be reached: {0}")]
    Unreachable(String),
    /// Concurrent transactions could not be put in an order, five times over.
    #[error("concurrent transactions kept conflicting")]
    Conflict,
    /// A row with this key exists.
    #[error("a unique key exists already: {constraint}")]
    Unique {
        /// The database's name of the constraint (PostgreSQL) or its columns (SQLite).
        constraint: String,
    },
    /// A foreign key, a check or a not-null rule was broken.
    #[error("a constraint refused the row: {constraint}")]
    Constraint {
        /// The database's words.
        constraint: String,
    },
    /// The schema was migrated by a later release.
    #[error("the schema of {tool} is at {found}, later than the {known} this release knows")]
    NewerSchema {
        /// Whose migrations.
        tool: String,
        /// The highest number found.
        found: u32,
        /// The highest number known.
        known: u32,
    },
    /// A migration that was applied has another text today.
    #[error("migration {number} of {tool} was applied with another text")]
    Checksum {
        /// Whose migration.
        tool: String,
        /// Its number.
        number: u32,
    },
    /// Migration numbers do not go up.
    #[error("the migrations of {tool} are not in ascending order at {number}")]
    MigrationOrder {
        /// Whose migrations.
        tool: String,
        /// The number out of place.
        number: u32,
    },
    /// No connection became free in time.
    #[error("the database is busy")]
    Busy,
    /// The handle was closed.
    #[error("the database is closed")]
    Closed,
    /// A column does not hold what was asked for.
    #[error("column {column} holds {found} where {expected} was expected")]
    Decode {
        /// The column's name.
        column: String,
        /// What the caller wanted.
        expected: &'static str,
        /// What lies there.
        found: &'static str,
    },
    /// A value cannot be bound to its parameter.
    #[error("parameter: {0}")]
    Parameter(String),
    /// A query that may give one row gave several.
    #[error("one row was expected and several came")]
    TooManyRows,
    /// A job awaited something other than its transaction.
    #[error("a transaction may await nothing but its own statements")]
    Suspended,
    /// A job panicked; its writes are undone.
    #[error("a database job panicked")]
    Panicked,
    /// Another process holds the data folder.
    #[error("another process uses the data folder {0}")]
    Locked(String),
    /// The disk is full.
    #[error("the disk is full")]
    Full,
    /// A write was tried in a read.
    #[error("a read transaction may not write")]
    ReadOnly,
    /// The database does not keep what it promised to keep.
    #[error("the database is not durable: {0}")]
    NotDurable(String),
    /// The driver's own words for anything else.
    #[error("database: {0}")]
    Driver(String),
}

impl DbError {
    /// Whether a row with this key exists already.
    pub fn is_unique(&self) -> bool {
        matches!(self, Self::Unique { .. })
    }
}

/// What another tool is told when the one it asked could not use its database.
impl From<DbError> for kernel::port::PortError {
    fn from(cause: DbError) -> Self {
        match cause {
            DbError::Unreachable(_) | DbError::Busy | DbError::Conflict => {
                Self::Unavailable(cause.to_string())
            }
            _ => Self::Failed(cause.to_string()),
        }
    }
}
