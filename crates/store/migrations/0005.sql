-- Engagements. What happened stands in engagement_steps and is never changed; `state` and all columns beside it follow
-- from the steps, and so do tallies and ratings. The long columns come last.

CREATE TABLE engagements (
    id $TEXT NOT NULL CONSTRAINT "engagements.id" PRIMARY KEY,
    workflow $TEXT NOT NULL,
    stage $TEXT NOT NULL,
    stage_since $INT NOT NULL,
    opened_at $INT NOT NULL,
    month $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    region $TEXT NOT NULL,
    program $TEXT NOT NULL,
    need_id $TEXT,
    offer_id $TEXT,
    need_party_id $TEXT NOT NULL REFERENCES parties (id),
    offer_party_id $TEXT NOT NULL REFERENCES parties (id),
    opener $TEXT NOT NULL,
    broker_id $TEXT NOT NULL,
    asks_need $INT NOT NULL,
    asks_offer $INT NOT NULL,
    reached $INT NOT NULL,
    reason $TEXT NOT NULL,
    need_answered_at $INT,
    offer_answered_at $INT,
    steps $INT NOT NULL,
    head $TEXT NOT NULL,
    due_what $TEXT,
    due_at $INT,
    subject $TEXT NOT NULL,
    state $TEXT NOT NULL
) $STRICT;
CREATE INDEX engagements_by_stage ON engagements (stage, stage_since, id);
CREATE INDEX engagements_by_need_party ON engagements (need_party_id, stage, stage_since, id);
CREATE INDEX engagements_by_offer_party ON engagements (offer_party_id, stage, stage_since, id);
CREATE INDEX engagements_by_broker ON engagements (broker_id, stage, stage_since, id);
CREATE INDEX engagements_by_pair ON engagements (need_id, offer_id, id);
CREATE INDEX engagements_by_offer ON engagements (offer_id, id);
CREATE INDEX engagements_by_reason ON engagements (reason, id);
CREATE INDEX engagements_due ON engagements (due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE engagement_steps (
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    ordinal $INT NOT NULL,
    hash $TEXT NOT NULL CONSTRAINT "engagement_steps.hash" UNIQUE,
    record $TEXT NOT NULL,
    CONSTRAINT "engagement_steps.engagement_id+ordinal" PRIMARY KEY (engagement_id, ordinal)
) $STRICT;

CREATE TABLE engagement_files (
    id $TEXT NOT NULL CONSTRAINT "engagement_files.id" PRIMARY KEY,
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    step $INT,
    name $TEXT NOT NULL,
    media_type $TEXT NOT NULL,
    size $INT NOT NULL,
    sha256 $TEXT NOT NULL,
    blob_key $TEXT NOT NULL,
    author_id $TEXT NOT NULL,
    created_at $INT NOT NULL
) $STRICT;
CREATE INDEX engagement_files_by_engagement ON engagement_files (engagement_id, id);

CREATE TABLE engagement_messages (
    id $TEXT NOT NULL CONSTRAINT "engagement_messages.id" PRIMARY KEY,
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    author_id $TEXT NOT NULL,
    role $TEXT NOT NULL,
    at $INT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX engagement_messages_by_engagement ON engagement_messages (engagement_id, id);

CREATE TABLE engagement_appointments (
    id $TEXT NOT NULL CONSTRAINT "engagement_appointments.id" PRIMARY KEY,
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    title $TEXT NOT NULL,
    place $TEXT NOT NULL,
    starts_at $INT NOT NULL,
    ends_at $INT NOT NULL,
    author_id $TEXT NOT NULL,
    role $TEXT NOT NULL,
    created_at $INT NOT NULL,
    cancelled_at $INT
) $STRICT;
CREATE INDEX engagement_appointments_by_engagement ON engagement_appointments (engagement_id, id);

-- What was sent while an engagement rested after a step: each once.
CREATE TABLE engagement_reminders (
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    step $INT NOT NULL,
    what $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "engagement_reminders.engagement_id+step+what" PRIMARY KEY (engagement_id, step, what)
) $STRICT;

-- What one side gave the other's party.
CREATE TABLE engagement_ratings (
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    side $TEXT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    score $INT NOT NULL,
    step $INT NOT NULL,
    CONSTRAINT "engagement_ratings.engagement_id+side" PRIMARY KEY (engagement_id, side)
) $STRICT;
CREATE INDEX engagement_ratings_by_party ON engagement_ratings (party_id, engagement_id);

-- Counts for dashboards, for each place and all that hold it; `*` is all.
CREATE TABLE engagement_tallies (
    workflow $TEXT NOT NULL,
    program $TEXT NOT NULL,
    region $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    month $TEXT NOT NULL,
    measure $TEXT NOT NULL,
    item $TEXT NOT NULL,
    n $INT NOT NULL,
    seconds $INT NOT NULL,
    CONSTRAINT "engagement_tallies.workflow+program+region+kind+month+measure+item" PRIMARY KEY (workflow, program, region, kind, month, measure, item)
) $STRICT;
