-- Which state of the portal the tables show: one row, raised by every write.
CREATE TABLE portal_revision (
    id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL
);
INSERT INTO portal_revision (id, revision) VALUES (1, 0);

CREATE TABLE portal_category (
    id BYTEA NOT NULL PRIMARY KEY,
    title_fr TEXT COLLATE "C" NOT NULL,
    title_en TEXT COLLATE "C" NOT NULL,
    family TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE portal_tile (
    id BYTEA NOT NULL PRIMARY KEY,
    category_id BYTEA NOT NULL REFERENCES portal_category (id),
    name_fr TEXT COLLATE "C" NOT NULL,
    name_en TEXT COLLATE "C" NOT NULL,
    description_fr TEXT COLLATE "C" NOT NULL,
    description_en TEXT COLLATE "C" NOT NULL,
    icon TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    reach TEXT COLLATE "C" NOT NULL,
    badge TEXT COLLATE "C",
    audience TEXT COLLATE "C" NOT NULL,
    publication TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX portal_tile_by_category ON portal_tile (category_id);
