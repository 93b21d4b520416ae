-- Entries of the journal that wait for their place in a chain.
CREATE TABLE journal_pending (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    chain        BLOB NOT NULL CHECK (length(chain) = 16), -- organisation; zeros: the system
    at           INTEGER NOT NULL,
    actor        BLOB,
    act          TEXT NOT NULL,
    subject      TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    data         TEXT NOT NULL,
    salt         BLOB,
    personal     TEXT
) STRICT;

-- The chains. Rows are only ever added, and leave by whole months after their retention.
CREATE TABLE journal_entry (
    chain           BLOB NOT NULL,
    seq             INTEGER NOT NULL,
    at              INTEGER NOT NULL,
    actor           BLOB,
    act             TEXT NOT NULL,
    subject         TEXT NOT NULL,
    outcome         TEXT NOT NULL,
    data            TEXT NOT NULL,
    personal_digest BLOB,
    prev_hash       BLOB NOT NULL,
    hash            BLOB NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- What may have to be erased; the chain keeps its salted digest only.
CREATE TABLE journal_personal (
    chain    BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    salt     BLOB NOT NULL,
    personal TEXT NOT NULL,
    PRIMARY KEY (chain, seq)
) STRICT, WITHOUT ROWID;

-- The last entry of each chain.
CREATE TABLE journal_head (
    chain BLOB NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The last entry that left each chain after its retention, signed.
CREATE TABLE journal_boundary (
    chain BLOB NOT NULL PRIMARY KEY,
    seq   INTEGER NOT NULL,
    hash  BLOB NOT NULL,
    mac   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Events on their way to consumers.
CREATE TABLE outbox (
    position     INTEGER PRIMARY KEY AUTOINCREMENT,
    id           BLOB NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    version      INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    actor        BLOB,
    organisation BLOB,
    subject      TEXT NOT NULL,
    data         TEXT NOT NULL,
    attempts     INTEGER NOT NULL DEFAULT 0,
    next_at      INTEGER NOT NULL DEFAULT 0,
    delivered_at INTEGER
) STRICT;
CREATE INDEX outbox_waiting ON outbox (position) WHERE delivered_at IS NULL;
CREATE INDEX outbox_subject ON outbox (subject, position) WHERE delivered_at IS NULL;
CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL;

-- Which consumer has had which event.
CREATE TABLE consumption (
    event    BLOB NOT NULL,
    consumer TEXT NOT NULL,
    at       INTEGER NOT NULL,
    PRIMARY KEY (event, consumer)
) STRICT, WITHOUT ROWID;

-- Work to do later.
CREATE TABLE job (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    payload     TEXT NOT NULL,
    run_at      INTEGER NOT NULL,
    dedup       TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    token       INTEGER NOT NULL DEFAULT 0, -- fences a worker whose lease has lapsed
    lease_until INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX job_due ON job (run_at);
CREATE UNIQUE INDEX job_dedup ON job (kind, dedup) WHERE dedup IS NOT NULL;

-- Jobs and events that were given up.
CREATE TABLE dead_letter (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    source   TEXT NOT NULL, -- job, event
    kind     TEXT NOT NULL,
    consumer TEXT,
    payload  TEXT NOT NULL,
    error    TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    at       INTEGER NOT NULL
) STRICT;
CREATE INDEX dead_letter_at ON dead_letter (at);

-- Which node does the work that one does for all; correctness never rests on it.
CREATE TABLE worker_lease (
    name      TEXT NOT NULL PRIMARY KEY,
    owner     BLOB NOT NULL,
    lapses_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
