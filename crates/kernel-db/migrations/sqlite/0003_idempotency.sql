-- Writes that carry an Idempotency-Key: what became of each, for as long as it may be repeated.
CREATE TABLE idempotency (
    owner       BLOB NOT NULL CHECK (length(owner) = 32), -- digest of who writes
    key         BLOB NOT NULL CHECK (length(key) = 32),   -- digest of the key
    fingerprint BLOB NOT NULL,                            -- digest of what is asked
    begun_at    INTEGER NOT NULL,
    answer      TEXT,                                     -- sealed; none: not known (yet)
    PRIMARY KEY (owner, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_begun ON idempotency (begun_at);
