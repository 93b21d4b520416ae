-- The life of an account beyond its state: since when, by whom, what it comes back to, and into
-- whom it was merged. An erased agent keeps its row as a tombstone, so that its id is never given
-- again.
ALTER TABLE identity_agent ADD COLUMN state_before TEXT;
ALTER TABLE identity_agent ADD COLUMN state_at BIGINT;
ALTER TABLE identity_agent ADD COLUMN state_by BLOB;
ALTER TABLE identity_agent ADD COLUMN merged_into BLOB;

-- What an agent recognises a session by.
ALTER TABLE identity_session ADD COLUMN browser TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX identity_session_agent ON identity_session (agent);
CREATE INDEX identity_grant_agent ON identity_grant (agent, client);

-- Sessions that somebody else than their own browser ended, so that it is told why, and so that
-- every node lets go of the pages it keeps open for them.
CREATE TABLE identity_session_end (
    session BLOB NOT NULL PRIMARY KEY,
    agent BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX identity_session_end_token ON identity_session_end (token_hash);
CREATE INDEX identity_session_end_time ON identity_session_end (at);
CREATE INDEX identity_session_end_agent ON identity_session_end (agent);

-- What each application has received of each agent, beyond the life of the grants.
CREATE TABLE identity_received (
    agent BLOB NOT NULL,
    client TEXT NOT NULL,
    scopes TEXT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (agent, client)
) WITHOUT ROWID;
