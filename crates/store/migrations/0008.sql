-- What people did with the matches they were shown, the weights that were learned from it, and trials of two of them.
-- No row says who was shown a list, and none holds a text. The long columns come last.

CREATE TABLE showings (
    id $TEXT NOT NULL CONSTRAINT "showings.id" PRIMARY KEY,
    asking_id $TEXT,
    side $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    version_id $TEXT,
    trial_id $TEXT,
    at $INT NOT NULL,
    shown $TEXT NOT NULL
) $STRICT;
CREATE INDEX showings_by_time ON showings (at, id);
CREATE INDEX showings_by_trial ON showings (trial_id, id);

CREATE TABLE showing_opens (
    showing_id $TEXT NOT NULL REFERENCES showings (id) ON DELETE CASCADE,
    listing_id $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "showing_opens.showing_id+listing_id" PRIMARY KEY (showing_id, listing_id)
) $STRICT;

CREATE TABLE weight_versions (
    id $TEXT NOT NULL CONSTRAINT "weight_versions.id" PRIMARY KEY,
    made_at $INT NOT NULL,
    made_by $TEXT,
    weights $TEXT NOT NULL,
    report $TEXT NOT NULL
) $STRICT;

CREATE TABLE weight_uses (
    since $INT NOT NULL CONSTRAINT "weight_uses.since" PRIMARY KEY,
    version_id $TEXT REFERENCES weight_versions (id),
    by_id $TEXT
) $STRICT;

CREATE TABLE ranking_trials (
    id $TEXT NOT NULL CONSTRAINT "ranking_trials.id" PRIMARY KEY,
    one_id $TEXT REFERENCES weight_versions (id),
    other_id $TEXT REFERENCES weight_versions (id),
    started_at $INT NOT NULL,
    ended_at $INT,
    by_id $TEXT NOT NULL
) $STRICT;
