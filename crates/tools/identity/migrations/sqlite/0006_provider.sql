INSERT INTO identity_revision (kind, revision) VALUES ('provider', 0);

-- Identity providers plugged in while the program runs. A row is never removed: its name is part
-- of who its agents are.
CREATE TABLE identity_provider (
    id TEXT NOT NULL PRIMARY KEY,
    organisation BLOB NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    facts TEXT NOT NULL,
    -- Domains that the operator has opened, or that agents have proved.
    proved TEXT NOT NULL,
    sealed_secret TEXT NOT NULL,
    secret_at BIGINT NOT NULL,
    created_by BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The last trial of each administrator at each provider.
CREATE TABLE identity_provider_trial (
    provider TEXT NOT NULL,
    agent BLOB NOT NULL,
    id BLOB NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    PRIMARY KEY (provider, agent)
);
CREATE INDEX identity_provider_trial_expiry ON identity_provider_trial (expires_at);
