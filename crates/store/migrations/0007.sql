-- What brokers, volunteers, workstations and alliances do. Each row is kept whole in `body`; the columns before it say
-- the same in a form that lists can ask for.

CREATE TABLE contract_packs (
    id $TEXT NOT NULL CONSTRAINT "contract_packs.id" PRIMARY KEY REFERENCES engagements (id),
    version $INT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;

CREATE TABLE engagement_annexes (
    id $TEXT NOT NULL CONSTRAINT "engagement_annexes.id" PRIMARY KEY,
    version $INT NOT NULL,
    engagement_id $TEXT NOT NULL REFERENCES engagements (id),
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX engagement_annexes_by_engagement ON engagement_annexes (engagement_id, id);

CREATE TABLE engagement_annex_looks (
    id $TEXT NOT NULL CONSTRAINT "engagement_annex_looks.id" PRIMARY KEY,
    version $INT NOT NULL,
    annex_id $TEXT NOT NULL REFERENCES engagement_annexes (id),
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX engagement_annex_looks_by_annex ON engagement_annex_looks (annex_id, id);

CREATE TABLE visits (
    id $TEXT NOT NULL CONSTRAINT "visits.id" PRIMARY KEY,
    version $INT NOT NULL,
    broker_id $TEXT NOT NULL REFERENCES accounts (id),
    follow_up $TEXT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX visits_by_broker ON visits (broker_id, id);
CREATE INDEX visits_by_follow_up ON visits (follow_up, id);

CREATE TABLE feedback_items (
    id $TEXT NOT NULL CONSTRAINT "feedback_items.id" PRIMARY KEY,
    version $INT NOT NULL,
    author_id $TEXT NOT NULL REFERENCES accounts (id),
    owner_id $TEXT NOT NULL,
    state $TEXT NOT NULL,
    due $TEXT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX feedback_items_by_author ON feedback_items (author_id, id);
CREATE INDEX feedback_items_by_owner ON feedback_items (owner_id, id);
CREATE INDEX feedback_items_by_state ON feedback_items (state, due, id);

CREATE TABLE volunteer_teams (
    id $TEXT NOT NULL CONSTRAINT "volunteer_teams.id" PRIMARY KEY,
    version $INT NOT NULL,
    parent_id $TEXT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX volunteer_teams_by_party ON volunteer_teams (party_id, id);

CREATE TABLE volunteers (
    id $TEXT NOT NULL CONSTRAINT "volunteers.id" PRIMARY KEY,
    version $INT NOT NULL,
    team_id $TEXT NOT NULL REFERENCES volunteer_teams (id),
    account_id $TEXT NOT NULL REFERENCES accounts (id),
    state $TEXT NOT NULL,
    body $TEXT NOT NULL,
    CONSTRAINT "volunteers.team_id+account_id" UNIQUE (team_id, account_id)
) $STRICT;
CREATE INDEX volunteers_by_account ON volunteers (account_id, id);
CREATE INDEX volunteers_by_state ON volunteers (state, id);

CREATE TABLE volunteer_requests (
    id $TEXT NOT NULL CONSTRAINT "volunteer_requests.id" PRIMARY KEY,
    version $INT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    state $TEXT NOT NULL,
    starts_at $INT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX volunteer_requests_by_state ON volunteer_requests (state, starts_at, id);
CREATE INDEX volunteer_requests_by_party ON volunteer_requests (party_id, id);

CREATE TABLE volunteer_duties (
    id $TEXT NOT NULL CONSTRAINT "volunteer_duties.id" PRIMARY KEY,
    version $INT NOT NULL,
    request_id $TEXT NOT NULL REFERENCES volunteer_requests (id),
    account_id $TEXT NOT NULL REFERENCES accounts (id),
    state $TEXT NOT NULL,
    starts_at $INT NOT NULL,
    body $TEXT NOT NULL,
    CONSTRAINT "volunteer_duties.request_id+account_id" UNIQUE (request_id, account_id)
) $STRICT;
CREATE INDEX volunteer_duties_by_account ON volunteer_duties (account_id, id);
CREATE INDEX volunteer_duties_by_start ON volunteer_duties (starts_at, id);

CREATE TABLE workstations (
    id $TEXT NOT NULL CONSTRAINT "workstations.id" PRIMARY KEY,
    version $INT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    state $TEXT NOT NULL,
    ends_on $TEXT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX workstations_by_state ON workstations (state, ends_on, id);
CREATE INDEX workstations_by_party ON workstations (party_id, id);

CREATE TABLE alliances (
    id $TEXT NOT NULL CONSTRAINT "alliances.id" PRIMARY KEY REFERENCES parties (id),
    version $INT NOT NULL,
    body $TEXT NOT NULL
) $STRICT;

CREATE TABLE alliance_things (
    id $TEXT NOT NULL CONSTRAINT "alliance_things.id" PRIMARY KEY,
    version $INT NOT NULL,
    alliance_id $TEXT NOT NULL REFERENCES alliances (id),
    body $TEXT NOT NULL
) $STRICT;
CREATE INDEX alliance_things_by_alliance ON alliance_things (alliance_id, id);
