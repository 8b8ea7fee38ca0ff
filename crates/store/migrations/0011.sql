-- The stages of the path that an engagement has reached, as its state has them: the list behind "reached this stage" asks
-- for the stage itself, since its place on the path changes with the workflow.
ALTER TABLE engagements ADD COLUMN path $TEXT NOT NULL DEFAULT '';
UPDATE engagements SET path = $STATE_REACHED;

-- What lists of 100,000 engagements are found by: those behind a figure in the order they are shown, without reading a
-- row that is not shown; what waits for a party; the last between two, and the latest to one.
CREATE INDEX engagements_behind ON engagements (workflow, id, stage, program, region, kind, month, reason, path);
CREATE INDEX engagements_asking_need ON engagements (need_party_id, id) WHERE asks_need = 1;
CREATE INDEX engagements_asking_offer ON engagements (offer_party_id, id) WHERE asks_offer = 1;
CREATE INDEX engagements_between ON engagements (need_party_id, offer_party_id, opener, id);
CREATE INDEX engagements_of_need_party ON engagements (need_party_id, id);
CREATE INDEX engagements_of_offer_party ON engagements (offer_party_id, id);

-- Files of entries. What was handed in stands in a record and stays.
CREATE TABLE program_files (
    id $TEXT NOT NULL CONSTRAINT "program_files.id" PRIMARY KEY,
    entry_id $TEXT NOT NULL REFERENCES program_entries (id) ON DELETE CASCADE,
    name $TEXT NOT NULL,
    media_type $TEXT NOT NULL,
    size $INT NOT NULL,
    sha256 $TEXT NOT NULL,
    blob_key $TEXT NOT NULL,
    reveals $INT NOT NULL,
    handed_in $INT NOT NULL,
    taken_out $INT NOT NULL,
    author_id $TEXT NOT NULL,
    created_at $INT NOT NULL
) $STRICT;
CREATE INDEX program_files_by_entry ON program_files (entry_id, id);
