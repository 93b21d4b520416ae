INSERT INTO identity_revision (kind, revision) VALUES ('provider', 0);

-- Identity providers plugged in while the program runs. A row is never removed: its name is part
-- of who its agents are.
CREATE TABLE identity_provider (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organisation BYTEA NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    revision BIGINT NOT NULL,
    facts TEXT COLLATE "C" NOT NULL,
    -- Domains that the operator has opened, or that agents have proved.
    proved TEXT COLLATE "C" NOT NULL,
    sealed_secret TEXT COLLATE "C" NOT NULL,
    secret_at BIGINT NOT NULL,
    created_by BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- The last trial of each administrator at each provider.
CREATE TABLE identity_provider_trial (
    provider TEXT COLLATE "C" NOT NULL,
    agent BYTEA NOT NULL,
    id BYTEA NOT NULL,
    started_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT COLLATE "C",
    PRIMARY KEY (provider, agent)
);
CREATE INDEX identity_provider_trial_expiry ON identity_provider_trial (expires_at);
