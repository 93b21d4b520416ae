-- Tools that administrators publish, beside those of the configuration.
ALTER TABLE portal_tile ADD COLUMN origin TEXT COLLATE "C" NOT NULL DEFAULT 'configured';
ALTER TABLE portal_tile ADD COLUMN organisation_id BYTEA;
ALTER TABLE portal_tile ADD COLUMN owner_id BYTEA;
ALTER TABLE portal_tile ADD COLUMN reaches TEXT COLLATE "C";
ALTER TABLE portal_tile ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE portal_tile ADD COLUMN client_id TEXT COLLATE "C";
ALTER TABLE portal_tile ADD COLUMN published_at BIGINT;
-- Whom the audience took in when it was last saved.
ALTER TABLE portal_tile ADD COLUMN agents BIGINT;

-- Whose agents may see a tool: a scope whose administrator agreed, and the audience agreed to.
CREATE TABLE portal_consent (
    tile_id BYTEA NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    scope TEXT COLLATE "C" NOT NULL,
    audience TEXT COLLATE "C" NOT NULL,
    given_by BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (tile_id, scope)
);

-- What a tool's people say of its state.
CREATE TABLE portal_notice (
    tile_id BYTEA NOT NULL PRIMARY KEY REFERENCES portal_tile (id) ON DELETE CASCADE,
    level TEXT COLLATE "C" NOT NULL,
    message_fr TEXT COLLATE "C" NOT NULL,
    message_en TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT,
    written_by BYTEA NOT NULL
);

-- What somebody asks of an administration.
CREATE TABLE portal_request (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    organisation_id BYTEA NOT NULL,
    asked_by BYTEA NOT NULL,
    asked_at BIGINT NOT NULL,
    tile_id BYTEA REFERENCES portal_tile (id) ON DELETE CASCADE,
    name TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C",
    audience TEXT COLLATE "C",
    agents BIGINT,
    decided_by BYTEA,
    decided_at BIGINT,
    reason TEXT COLLATE "C"
);
CREATE INDEX portal_request_by_organisation ON portal_request (organisation_id, state, id);
CREATE INDEX portal_request_by_asker ON portal_request (asked_by, id);
CREATE INDEX portal_request_by_tile ON portal_request (tile_id, state);

CREATE TABLE portal_favourite (
    agent_id BYTEA NOT NULL,
    tile_id BYTEA NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    PRIMARY KEY (agent_id, tile_id)
);

CREATE TABLE portal_recent (
    agent_id BYTEA NOT NULL,
    tile_id BYTEA NOT NULL REFERENCES portal_tile (id) ON DELETE CASCADE,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, tile_id)
);
CREATE INDEX portal_recent_by_time ON portal_recent (opened_at);

-- When an agent first came.
CREATE TABLE portal_visit (
    agent_id BYTEA NOT NULL PRIMARY KEY,
    first_at BIGINT NOT NULL
);
