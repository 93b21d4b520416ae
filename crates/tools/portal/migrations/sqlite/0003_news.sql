-- Notices of every agent. One that comes again under its dedup key replaces the first.
CREATE TABLE portal_inbox_item (
    id BLOB NOT NULL PRIMARY KEY,
    agent_id BLOB NOT NULL,
    source TEXT NOT NULL,
    source_name_fr TEXT,
    source_name_en TEXT,
    icon TEXT,
    kind TEXT NOT NULL,
    urgency TEXT NOT NULL,
    dedup TEXT,
    title_fr TEXT NOT NULL,
    title_en TEXT NOT NULL,
    detail_fr TEXT,
    detail_en TEXT,
    link TEXT,
    action_fr TEXT,
    action_en TEXT,
    until_at BIGINT,
    at BIGINT NOT NULL,
    read_at BIGINT,
    read_mark BLOB,
    mailed_at BIGINT
);
CREATE INDEX portal_inbox_item_by_agent ON portal_inbox_item (agent_id, at, id);
CREATE UNIQUE INDEX portal_inbox_item_dedup ON portal_inbox_item (agent_id, source, dedup);
CREATE INDEX portal_inbox_item_unread ON portal_inbox_item (agent_id, at, id) WHERE read_at IS NULL;
CREATE INDEX portal_inbox_item_due ON portal_inbox_item (agent_id, until_at)
    WHERE until_at IS NOT NULL AND read_at IS NULL;
CREATE INDEX portal_inbox_item_by_time ON portal_inbox_item (at);

-- What is known of each inbox without counting it: unread notices, when the next digest is due
-- and when somebody must look at it again.
CREATE TABLE portal_inbox (
    agent_id BLOB NOT NULL PRIMARY KEY,
    unread BIGINT NOT NULL,
    digest_at BIGINT,
    wake_at BIGINT
);
CREATE INDEX portal_inbox_wake ON portal_inbox (wake_at) WHERE wake_at IS NOT NULL;

-- How many notices each application has posted: to all (an agent of zeros) a minute and a day,
-- to one agent an hour.
CREATE TABLE portal_inbox_count (
    client_id TEXT NOT NULL,
    agent_id BLOB NOT NULL,
    period TEXT NOT NULL,
    begins_at BIGINT NOT NULL,
    posted BIGINT NOT NULL,
    PRIMARY KEY (client_id, agent_id, period, begins_at)
);
CREATE INDEX portal_inbox_count_by_time ON portal_inbox_count (begins_at);

-- Quiet hours and digests, as each agent chose them.
CREATE TABLE portal_settings (
    agent_id BLOB NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Which state of the announcements the tables show: one row, raised by every write.
CREATE TABLE portal_news_revision (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO portal_news_revision (id, revision) VALUES (1, 0);

CREATE TABLE portal_announcement (
    id BLOB NOT NULL PRIMARY KEY,
    organisation_id BLOB NOT NULL,
    title_fr TEXT NOT NULL,
    title_en TEXT NOT NULL,
    body_fr TEXT NOT NULL,
    body_en TEXT NOT NULL,
    severity TEXT NOT NULL,
    audience TEXT NOT NULL,
    from_at BIGINT,
    until_at BIGINT,
    must_confirm BIGINT NOT NULL,
    link TEXT,
    state TEXT NOT NULL,
    published_at BIGINT,
    written_by BLOB NOT NULL,
    written_at BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX portal_announcement_by_organisation ON portal_announcement (organisation_id, id);
CREATE INDEX portal_announcement_by_state ON portal_announcement (state, published_at);

-- Who has read (or confirmed) which announcement.
CREATE TABLE portal_announcement_read (
    announcement_id BLOB NOT NULL REFERENCES portal_announcement (id) ON DELETE CASCADE,
    agent_id BLOB NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (announcement_id, agent_id)
);
CREATE INDEX portal_announcement_read_by_agent ON portal_announcement_read (agent_id);
CREATE INDEX portal_announcement_read_by_time
    ON portal_announcement_read (announcement_id, read_at, agent_id);
