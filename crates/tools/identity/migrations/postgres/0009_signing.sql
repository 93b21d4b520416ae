-- A signing key begins to sign at its time; where it is in its life follows from that. The word in
-- state is for programs of before, which sign with what is 'active' in it.
ALTER TABLE identity_key ADD COLUMN active_at BIGINT NOT NULL DEFAULT 0;
UPDATE identity_key SET active_at = created_at;
INSERT INTO identity_revision (kind, revision) VALUES ('key', 0);
