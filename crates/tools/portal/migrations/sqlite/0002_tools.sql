-- Tools that administrators publish, beside those of the configuration.
ALTER TABLE portal_tile ADD COLUMN origin TEXT NOT NULL DEFAULT 'configured';
ALTER TABLE portal_tile ADD COLUMN organisation_id BLOB;
ALTER TABLE portal_tile ADD COLUMN owner_id BLOB;
ALTER TABLE portal_tile ADD COLUMN reaches TEXT;
ALTER TABLE portal_tile ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE portal_tile ADD COLUMN client_id TEXT;
ALTER TABLE portal_tile ADD COLUMN published_at BIGINT;
-- Whom the audience took in when it was last saved.
ALTER TABLE portal_tile ADD COLUMN agents BIGINT;

-- Whose agents may see a tool: a scope whose administrator agreed, and the audience agreed to.
CREATE TABLE portal_consent (
    tile_id BLOB NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    scope TEXT NOT NULL,
    audience TEXT NOT NULL,
    given_by BLOB NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tile_id, scope)
);

-- What a tool's people say of its state.
CREATE TABLE portal_notice (
    tile_id BLOB NOT NULL PRIMARY KEY REFERENCES portal_tile (id) ON DELETE CASCADE,
    level TEXT NOT NULL,
    message_fr TEXT NOT NULL,
    message_en TEXT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    written_by BLOB NOT NULL
);

-- What somebody asks of an administration.
CREATE TABLE portal_request (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    organisation_id BLOB NOT NULL,
    asked_by BLOB NOT NULL,
    asked_at BIGINT NOT NULL,
    tile_id BLOB REFERENCES portal_tile (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    purpose TEXT,
    audience TEXT,
    agents BIGINT,
    decided_by BLOB,
    decided_at BIGINT,
    reason TEXT
);
CREATE INDEX portal_request_by_organisation ON portal_request (organisation_id, state, id);
CREATE INDEX portal_request_by_asker ON portal_request (asked_by, id);
CREATE INDEX portal_request_by_tile ON portal_request (tile_id, state);

CREATE TABLE portal_favourite (
    agent_id BLOB NOT NULL,
    tile_id BLOB NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (agent_id, tile_id)
);

CREATE TABLE portal_recent (
    agent_id BLOB NOT NULL,
    tile_id BLOB NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, tile_id)
);
CREATE INDEX portal_recent_by_time ON portal_recent (opened_at);

-- When an agent first came.
CREATE TABLE portal_visit (
    agent_id BLOB NOT NULL PRIMARY KEY,
    first_at BIGINT NOT NULL
);
