-- Administrations, agents, their sign-ins at providers, sessions, grants, signing keys.
CREATE TABLE identity_organisation (
    id BLOB NOT NULL PRIMARY KEY,
    siret TEXT NOT NULL,
    label TEXT NOT NULL,
    legal_category TEXT,
    parent BLOB,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX identity_organisation_siret ON identity_organisation (siret);

CREATE TABLE identity_agent (
    id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    organisation BLOB NOT NULL,
    given_name TEXT NOT NULL,
    usual_name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    email TEXT NOT NULL,
    uid TEXT NOT NULL,
    organizational_unit TEXT,
    population TEXT,
    phone TEXT,
    chorusdt_matricule TEXT,
    chorusdt_societe TEXT,
    custom TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX identity_agent_name ON identity_agent (name_key, id);

-- Who an agent is at a provider: the subject is case-sensitive and never a key alone.
CREATE TABLE identity_login (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    agent BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);
CREATE INDEX identity_login_agent ON identity_login (agent);

CREATE TABLE identity_session (
    id BLOB NOT NULL PRIMARY KEY,
    token_hash BLOB NOT NULL,
    agent BLOB NOT NULL,
    provider TEXT NOT NULL,
    acr TEXT NOT NULL,
    amr TEXT NOT NULL,
    auth_time BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    upstream_id_token TEXT
);
CREATE UNIQUE INDEX identity_session_token ON identity_session (token_hash);
CREATE INDEX identity_session_expiry ON identity_session (expires_at);

-- What a session gave to a client; the primary key is what makes a code good for once.
CREATE TABLE identity_grant (
    id BLOB NOT NULL PRIMARY KEY,
    session BLOB NOT NULL,
    agent BLOB NOT NULL,
    client TEXT NOT NULL,
    scopes TEXT NOT NULL,
    provider TEXT NOT NULL,
    acr TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX identity_grant_expiry ON identity_grant (expires_at);

CREATE TABLE identity_key (
    kid TEXT NOT NULL PRIMARY KEY,
    algorithm TEXT NOT NULL,
    state TEXT NOT NULL,
    sealed TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
