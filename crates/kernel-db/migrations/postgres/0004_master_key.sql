-- Under which master keys the rows of this database were sealed: their marks, never the keys.
CREATE TABLE master_key (
    mark        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    seals_from  BIGINT NOT NULL,
    replaced_at BIGINT, -- none: new rows are sealed under it
    resealed_at BIGINT  -- when nothing stood under it any more
);
