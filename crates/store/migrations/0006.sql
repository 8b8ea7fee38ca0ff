-- Programs: calls, fairs, awards, actions. What happened stands in program_steps and is never changed; `state` of an
-- entry and the columns beside it follow from its steps. The long columns come last.

CREATE TABLE programs (
    id $TEXT NOT NULL CONSTRAINT "programs.id" PRIMARY KEY,
    program_type $TEXT NOT NULL,
    phase $TEXT NOT NULL,
    since $TEXT NOT NULL,
    organizer_id $TEXT REFERENCES parties (id),
    steps $INT NOT NULL,
    head $TEXT NOT NULL,
    demo $INT NOT NULL,
    created_at $INT NOT NULL,
    ranked $TEXT,
    settings $TEXT NOT NULL
) $STRICT;
CREATE INDEX programs_by_phase ON programs (phase, id);

-- The records of programs and of entries, in one table: `subject_id` is the id of either.
CREATE TABLE program_steps (
    subject_id $TEXT NOT NULL,
    ordinal $INT NOT NULL,
    hash $TEXT NOT NULL CONSTRAINT "program_steps.hash" UNIQUE,
    record $TEXT NOT NULL,
    CONSTRAINT "program_steps.subject_id+ordinal" PRIMARY KEY (subject_id, ordinal)
) $STRICT;

CREATE TABLE program_entries (
    id $TEXT NOT NULL CONSTRAINT "program_entries.id" PRIMARY KEY,
    program_id $TEXT NOT NULL REFERENCES programs (id),
    number $INT,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    author_id $TEXT NOT NULL,
    listing_id $TEXT,
    kind $TEXT NOT NULL,
    region $TEXT NOT NULL,
    area $TEXT NOT NULL,
    industry $TEXT NOT NULL,
    stage $TEXT NOT NULL,
    since $INT NOT NULL,
    on_show $INT NOT NULL,
    appeal $INT NOT NULL,
    given $INT NOT NULL,
    scored $INT NOT NULL,
    place $INT,
    score $INT,
    raw $INT,
    engagement_id $TEXT,
    steps $INT NOT NULL,
    version $INT NOT NULL,
    demo $INT NOT NULL,
    created_at $INT NOT NULL,
    title $TEXT NOT NULL,
    title_key $TEXT NOT NULL,
    summary $TEXT NOT NULL,
    head $TEXT NOT NULL,
    content $TEXT NOT NULL,
    state $TEXT NOT NULL,
    CONSTRAINT "program_entries.program_id+number" UNIQUE (program_id, number)
) $STRICT;
CREATE INDEX program_entries_by_stage ON program_entries (program_id, stage, area, number);
CREATE INDEX program_entries_by_area ON program_entries (program_id, area, stage, number);
CREATE INDEX program_entries_on_show ON program_entries (program_id, on_show, number);
CREATE INDEX program_entries_shown_facets ON program_entries (program_id, on_show, area, kind, industry);
CREATE INDEX program_entries_by_place ON program_entries (program_id, place, number) WHERE place IS NOT NULL;
CREATE INDEX program_entries_by_party ON program_entries (party_id, id);
CREATE INDEX program_entries_by_engagement ON program_entries (engagement_id) WHERE engagement_id IS NOT NULL;
CREATE INDEX program_entries_appealed ON program_entries (program_id, appeal, number) WHERE appeal > 0;

CREATE TABLE program_reviewers (
    program_id $TEXT NOT NULL REFERENCES programs (id),
    account_id $TEXT NOT NULL REFERENCES accounts (id),
    added_at $INT NOT NULL,
    declared $TEXT NOT NULL,
    CONSTRAINT "program_reviewers.program_id+account_id" PRIMARY KEY (program_id, account_id)
) $STRICT;
CREATE INDEX program_reviewers_by_account ON program_reviewers (account_id, program_id);

-- What an entry's state says of its reviewers, in a form that desks and rankings can ask for.
CREATE TABLE program_reviews (
    entry_id $TEXT NOT NULL REFERENCES program_entries (id),
    reviewer_id $TEXT NOT NULL,
    program_id $TEXT NOT NULL REFERENCES programs (id),
    state $TEXT NOT NULL,
    total $INT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "program_reviews.entry_id+reviewer_id" PRIMARY KEY (entry_id, reviewer_id)
) $STRICT;
CREATE INDEX program_reviews_by_reviewer ON program_reviews (reviewer_id, program_id, state, entry_id);
CREATE INDEX program_reviews_by_program ON program_reviews (program_id, state, reviewer_id, entry_id, total);

CREATE TABLE program_sessions (
    id $TEXT NOT NULL CONSTRAINT "program_sessions.id" PRIMARY KEY,
    program_id $TEXT NOT NULL REFERENCES programs (id),
    sort $TEXT NOT NULL,
    starts_at $INT NOT NULL,
    ends_at $INT NOT NULL,
    minutes $INT NOT NULL,
    tables $INT NOT NULL,
    title $TEXT NOT NULL,
    place $TEXT NOT NULL
) $STRICT;
CREATE INDEX program_sessions_by_program ON program_sessions (program_id, starts_at, id);

CREATE TABLE program_session_entries (
    session_id $TEXT NOT NULL REFERENCES program_sessions (id),
    entry_id $TEXT NOT NULL REFERENCES program_entries (id),
    position $INT NOT NULL,
    CONSTRAINT "program_session_entries.session_id+entry_id" PRIMARY KEY (session_id, entry_id)
) $STRICT;
CREATE INDEX program_session_entries_by_entry ON program_session_entries (entry_id, session_id);

CREATE TABLE program_interests (
    entry_id $TEXT NOT NULL REFERENCES program_entries (id),
    party_id $TEXT NOT NULL REFERENCES parties (id),
    account_id $TEXT NOT NULL,
    program_id $TEXT NOT NULL REFERENCES programs (id),
    at $INT NOT NULL,
    note $TEXT NOT NULL,
    CONSTRAINT "program_interests.entry_id+party_id" PRIMARY KEY (entry_id, party_id)
) $STRICT;
CREATE INDEX program_interests_by_program ON program_interests (program_id, at);
CREATE INDEX program_interests_by_party ON program_interests (party_id, program_id);

CREATE TABLE program_meetings (
    session_id $TEXT NOT NULL REFERENCES program_sessions (id),
    slot $INT NOT NULL,
    seat $INT NOT NULL,
    entry_id $TEXT NOT NULL REFERENCES program_entries (id),
    party_id $TEXT NOT NULL REFERENCES parties (id),
    CONSTRAINT "program_meetings.session_id+slot+seat" PRIMARY KEY (session_id, slot, seat)
) $STRICT;
CREATE INDEX program_meetings_by_entry ON program_meetings (entry_id, session_id);
CREATE INDEX program_meetings_by_party ON program_meetings (party_id, session_id);
