-- What agents make for programs that speak in their name. One table for tokens of the API and, once
-- tools need them, for passwords of applications: `kind` tells them apart. The secret is kept as its
-- SHA-256 only. A row stays 30 days after its end, so that the journal names it.
CREATE TABLE identity_credential (
    id BLOB NOT NULL PRIMARY KEY,
    agent BLOB NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    secret_hash BLOB NOT NULL UNIQUE,
    -- Who vouched for the agent when it was made: once out of service, it opens nothing.
    provider TEXT NOT NULL,
    -- Its level: below the one that the operator demands, the token uses no role.
    acr TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    warned_at BIGINT
);
CREATE INDEX identity_credential_agent ON identity_credential (agent, expires_at);
CREATE INDEX identity_credential_end ON identity_credential (expires_at);
