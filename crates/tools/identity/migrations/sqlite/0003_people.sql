-- The directory: what agents are found by, and the administrations above each other.

-- What an agent is found by: a word of theirs, then their other words. 0 their name in use, 1 their
-- first names, 2 their address, 3 their service. Folded by the program, never by the database.
CREATE TABLE identity_agent_word (
    field BIGINT NOT NULL,
    entry TEXT NOT NULL,
    agent BLOB NOT NULL,
    PRIMARY KEY (field, entry, agent)
) WITHOUT ROWID;
-- The version of the folding that an agent's words were made with; 0: none were made.
ALTER TABLE identity_agent ADD COLUMN words_version BIGINT NOT NULL DEFAULT 0;
CREATE INDEX identity_agent_without_words ON identity_agent (id) WHERE words_version = 0;

-- The heads of each administration, counted without touching the agents' rows.
CREATE INDEX identity_agent_heads ON identity_agent (organisation, population)
    WHERE state IN ('pre-created', 'active');
-- The list in the order of names, narrowed without touching the agents' rows.
DROP INDEX identity_agent_name;
CREATE INDEX identity_agent_name ON identity_agent (name_key, id, organisation, state);

-- Each administration with each of those above it, 10 at most; 1 is its parent.
CREATE TABLE identity_organisation_above (
    organisation BLOB NOT NULL,
    above BLOB NOT NULL,
    depth BIGINT NOT NULL,
    PRIMARY KEY (organisation, above)
) WITHOUT ROWID;
CREATE INDEX identity_organisation_below ON identity_organisation_above (above, organisation);
CREATE INDEX IF NOT EXISTS identity_organisation_parent ON identity_organisation (parent);
INSERT INTO identity_organisation_above (organisation, above, depth)
    WITH RECURSIVE up (organisation, above, depth) AS (
        SELECT id, parent, 1 FROM identity_organisation WHERE parent IS NOT NULL
        UNION ALL
        SELECT up.organisation, o.parent, up.depth + 1
        FROM up JOIN identity_organisation o ON o.id = up.above
        WHERE o.parent IS NOT NULL AND up.depth < 10
    )
    SELECT organisation, above, MIN(depth) FROM up
    WHERE above <> organisation GROUP BY organisation, above;
