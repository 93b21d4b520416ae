-- Guests: agents' partners, who have a row of identity_agent in a state of their own ('guest'), so
-- that nothing asked about agents finds them, and see what an invitation shares.
CREATE TABLE identity_invitation (
    id BLOB NOT NULL PRIMARY KEY,
    guest BLOB NOT NULL,
    inviter BLOB NOT NULL,
    -- The inviter's administration, which answers for the guest.
    sponsor BLOB NOT NULL,
    -- Who the guest is, as the inviter says.
    given_name TEXT NOT NULL,
    usual_name TEXT NOT NULL,
    organisation_name TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Ids of tools, JSON.
    tools TEXT NOT NULL,
    -- SHA-256 of the link's secret.
    secret_hash BLOB NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Unanswered until then, it ends.
    answer_by BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    accepted_at BIGINT,
    ended_at BIGINT,
    ending TEXT,
    ended_by BLOB,
    -- How often the guest asked to come back, and when last.
    asks BIGINT NOT NULL DEFAULT 0,
    asked_at BIGINT
);
CREATE UNIQUE INDEX identity_invitation_secret ON identity_invitation (secret_hash);
CREATE INDEX identity_invitation_guest ON identity_invitation (guest, state);
CREATE INDEX identity_invitation_inviter ON identity_invitation (inviter, id);
CREATE INDEX identity_invitation_sponsor ON identity_invitation (sponsor, id);
CREATE INDEX identity_invitation_due ON identity_invitation (state, until_at);

-- Codes asked for, by guests or by whoever typed an address: the row is the same for both, and only
-- the job that sends the mail knows which it is.
CREATE TABLE identity_guest_code (
    id BLOB NOT NULL PRIMARY KEY,
    -- For whom, as a keyed digest of an address or of an invitation: what is counted.
    subject BLOB NOT NULL,
    guest BLOB,
    invitation BLOB,
    code_hash BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    tries BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX identity_guest_code_subject ON identity_guest_code (subject, created_at);
CREATE INDEX identity_guest_code_time ON identity_guest_code (created_at);
CREATE INDEX identity_guest_code_guest ON identity_guest_code (guest);
