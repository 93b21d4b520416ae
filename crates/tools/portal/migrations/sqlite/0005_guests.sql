-- Whether agents may share the tool with their guests: its administrator says so, never by default.
ALTER TABLE portal_tile ADD COLUMN guests BIGINT NOT NULL DEFAULT 0;
