-- Second factors of guests, one each, and the administrations that ask for them.
ALTER TABLE identity_organisation ADD COLUMN guest_factor BIGINT NOT NULL DEFAULT 0;

CREATE TABLE identity_guest_factor (
    agent BYTEA NOT NULL PRIMARY KEY,
    -- Sealed with the guest's id; none: it was reset, and the row says when.
    secret TEXT COLLATE "C",
    -- No step is good twice.
    last_step BIGINT NOT NULL,
    -- When it was added or reset: grows with each, whatever the clock says.
    changed_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL
);
