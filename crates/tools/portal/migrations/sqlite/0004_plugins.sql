-- What waits for an agent in an application, as the application itself says. Nothing waiting has
-- no row.
CREATE TABLE portal_badge (
    agent_id BLOB NOT NULL,
    client_id TEXT NOT NULL,
    count BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (agent_id, client_id)
);

-- Applications that answer in the one search. The secret is sealed under the master key.
CREATE TABLE portal_search_source (
    client_id TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    secret TEXT NOT NULL,
    registered_at BIGINT NOT NULL
);
