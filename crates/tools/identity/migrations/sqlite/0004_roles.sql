-- Who may do what for which administration; whom a directory announced; imports of directories.
CREATE TABLE identity_role (
    id BLOB NOT NULL PRIMARY KEY,
    agent BLOB NOT NULL,
    role TEXT NOT NULL,
    -- None: the operator's, over everything.
    organisation BLOB,
    subtree BIGINT NOT NULL,
    until_at BIGINT,
    -- None: the configuration, or the command line.
    given_by BLOB,
    given_at BIGINT NOT NULL
);
CREATE INDEX identity_role_agent ON identity_role (agent);
CREATE INDEX identity_role_organisation ON identity_role (organisation);
CREATE UNIQUE INDEX identity_role_once ON identity_role (agent, role, organisation)
    WHERE organisation IS NOT NULL;
CREATE UNIQUE INDEX identity_role_operator ON identity_role (agent, role)
    WHERE organisation IS NULL;

-- Roles that the configuration gives to an address; bound to the first agent who proves it.
CREATE TABLE identity_role_promise (
    id BLOB NOT NULL PRIMARY KEY,
    email_key TEXT NOT NULL,
    role TEXT NOT NULL,
    organisation BLOB,
    subtree BIGINT NOT NULL,
    agent BLOB
);

CREATE INDEX IF NOT EXISTS identity_organisation_parent ON identity_organisation (parent);
-- Changed in the pages: the configuration no longer writes its label and its place.
ALTER TABLE identity_organisation ADD COLUMN edited BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_organisation ADD COLUMN version BIGINT NOT NULL DEFAULT 0;

-- An agent whom a directory announced and who has never signed in: the provider that will vouch
-- and the address it will give.
CREATE TABLE identity_expected (
    provider TEXT NOT NULL,
    email_key TEXT NOT NULL,
    agent BLOB NOT NULL,
    PRIMARY KEY (provider, email_key)
);
CREATE UNIQUE INDEX identity_expected_agent ON identity_expected (agent);
CREATE INDEX identity_agent_address ON identity_agent (LOWER(email));

-- What a directory says of an agent, for what the provider does not say.
CREATE TABLE identity_directory (
    agent BLOB NOT NULL PRIMARY KEY,
    organisation BLOB NOT NULL,
    organizational_unit TEXT,
    population TEXT,
    phone TEXT,
    updated_at BIGINT NOT NULL
);

CREATE TABLE identity_import (
    id BLOB NOT NULL PRIMARY KEY,
    organisation BLOB NOT NULL,
    subtree BIGINT NOT NULL,
    given_by BLOB NOT NULL,
    state TEXT NOT NULL,
    -- What the dry run found.
    report TEXT NOT NULL,
    done BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    next_batch BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_import_expiry ON identity_import (expires_at);

-- The plan, and the faulty lines, 500 lines at most a row.
CREATE TABLE identity_import_batch (
    import BLOB NOT NULL,
    kind TEXT NOT NULL,
    number BIGINT NOT NULL,
    lines TEXT NOT NULL,
    PRIMARY KEY (import, kind, number)
);
