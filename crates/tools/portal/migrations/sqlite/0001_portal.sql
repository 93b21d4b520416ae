-- Which state of the portal the tables show: one row, raised by every write.
CREATE TABLE portal_revision (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO portal_revision (id, revision) VALUES (1, 0);

CREATE TABLE portal_category (
    id BLOB NOT NULL PRIMARY KEY,
    title_fr TEXT NOT NULL,
    title_en TEXT NOT NULL,
    family TEXT NOT NULL,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE portal_tile (
    id BLOB NOT NULL PRIMARY KEY,
    category_id BLOB NOT NULL REFERENCES portal_category (id),
    name_fr TEXT NOT NULL,
    name_en TEXT NOT NULL,
    description_fr TEXT NOT NULL,
    description_en TEXT NOT NULL,
    icon TEXT NOT NULL,
    address TEXT NOT NULL,
    reach TEXT NOT NULL,
    badge TEXT,
    audience TEXT NOT NULL,
    publication TEXT NOT NULL,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX portal_tile_by_category ON portal_tile (category_id);
