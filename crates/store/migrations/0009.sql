-- What an entry is, folded as its title is, so that halls find its words. Entries of before are found as they were
-- written until they are written again.
ALTER TABLE program_entries ADD COLUMN summary_key $TEXT NOT NULL DEFAULT '';
UPDATE program_entries SET summary_key = summary;
