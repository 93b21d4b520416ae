-- What the journal is read by, latest first: all of it, a chain, an act, who acted, on what, and
-- what was not done.
CREATE INDEX journal_entry_at ON journal_entry (at, chain, seq);
CREATE INDEX journal_entry_chain_at ON journal_entry (chain, at, seq);
CREATE INDEX journal_entry_chain_act ON journal_entry (chain, act, at, seq);
CREATE INDEX journal_entry_act ON journal_entry (act, at, chain, seq);
CREATE INDEX journal_entry_actor ON journal_entry (actor, at, chain, seq)
    WHERE actor IS NOT NULL;
CREATE INDEX journal_entry_subject ON journal_entry (subject, at, chain, seq);
CREATE INDEX journal_entry_undone ON journal_entry (at, chain, seq) WHERE outcome <> 'done';
CREATE INDEX journal_entry_chain_undone ON journal_entry (chain, at, seq) WHERE outcome <> 'done';
