-- Where the line of a grant's refresh tokens stands: the newest, the one it was given for and when,
-- the newest whose access token was used; access tokens of a generation below the floor are dead.
ALTER TABLE identity_grant ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_grant ADD COLUMN parent_generation BIGINT;
ALTER TABLE identity_grant ADD COLUMN rotated_at BIGINT;
ALTER TABLE identity_grant ADD COLUMN seen_generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE identity_grant ADD COLUMN floor_generation BIGINT NOT NULL DEFAULT 0;
