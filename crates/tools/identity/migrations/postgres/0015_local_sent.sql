-- Invitations that administrators sent to password accounts in the last day, to be counted.
CREATE TABLE identity_local_sent (
    id BYTEA NOT NULL PRIMARY KEY,
    inviter BYTEA NOT NULL,
    subject BYTEA NOT NULL,
    sent_at BIGINT NOT NULL
);
CREATE INDEX identity_local_sent_inviter ON identity_local_sent (inviter, sent_at);
CREATE INDEX identity_local_sent_subject ON identity_local_sent (subject, sent_at);
CREATE INDEX identity_local_sent_at ON identity_local_sent (sent_at);
