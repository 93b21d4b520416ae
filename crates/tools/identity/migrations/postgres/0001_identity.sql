-- Administrations, agents, their sign-ins at providers, sessions, grants, signing keys.
CREATE TABLE identity_organisation (
    id BYTEA NOT NULL PRIMARY KEY,
    siret TEXT COLLATE "C" NOT NULL,
    label TEXT COLLATE "C" NOT NULL,
    legal_category TEXT COLLATE "C",
    parent BYTEA,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_organisation_siret ON identity_organisation (siret);

CREATE TABLE identity_agent (
    id BYTEA NOT NULL PRIMARY KEY,
    state TEXT COLLATE "C" NOT NULL,
    organisation BYTEA NOT NULL,
    given_name TEXT COLLATE "C" NOT NULL,
    usual_name TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    email TEXT COLLATE "C" NOT NULL,
    uid TEXT COLLATE "C" NOT NULL,
    organizational_unit TEXT COLLATE "C",
    population TEXT COLLATE "C",
    phone TEXT COLLATE "C",
    chorusdt_matricule TEXT COLLATE "C",
    chorusdt_societe TEXT COLLATE "C",
    custom TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX identity_agent_name ON identity_agent (name_key, id);

-- Who an agent is at a provider: the subject is case-sensitive and never a key alone.
CREATE TABLE identity_login (
    provider TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    agent BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);
CREATE INDEX identity_login_agent ON identity_login (agent);

CREATE TABLE identity_session (
    id BYTEA NOT NULL PRIMARY KEY,
    token_hash BYTEA NOT NULL,
    agent BYTEA NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    acr TEXT COLLATE "C" NOT NULL,
    amr TEXT COLLATE "C" NOT NULL,
    auth_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    upstream_id_token TEXT COLLATE "C"
);
CREATE UNIQUE INDEX identity_session_token ON identity_session (token_hash);
CREATE INDEX identity_session_expiry ON identity_session (expires_at);

-- What a session gave to a client; the primary key is what makes a code good for once.
CREATE TABLE identity_grant (
    id BYTEA NOT NULL PRIMARY KEY,
    session BYTEA NOT NULL,
    agent BYTEA NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    acr TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX identity_grant_expiry ON identity_grant (expires_at);

CREATE TABLE identity_key (
    kid TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    algorithm TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    sealed TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);
