-- Under which master keys the rows of this database were sealed: their marks, never the keys.
CREATE TABLE master_key (
    mark        TEXT NOT NULL PRIMARY KEY,
    seals_from  INTEGER NOT NULL,
    replaced_at INTEGER, -- none: new rows are sealed under it
    resealed_at INTEGER  -- when nothing stood under it any more
) STRICT, WITHOUT ROWID;
