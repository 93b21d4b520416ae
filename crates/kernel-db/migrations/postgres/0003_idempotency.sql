-- Writes that carry an Idempotency-Key: what became of each, for as long as it may be repeated.
CREATE TABLE idempotency (
    owner       BYTEA NOT NULL CHECK (length(owner) = 32), -- digest of who writes
    key         BYTEA NOT NULL CHECK (length(key) = 32),   -- digest of the key
    fingerprint BYTEA NOT NULL,                            -- digest of what is asked
    begun_at    BIGINT NOT NULL,
    answer      TEXT COLLATE "C",                          -- sealed; none: not known (yet)
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_begun ON idempotency (begun_at);
