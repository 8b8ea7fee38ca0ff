-- The words that begin with $ are column types; each engine puts its own in (src/engine/).
-- A constraint's name is the key that StoreError::Conflict reports: table, dot, columns joined by +.

CREATE TABLE parties (
    id $TEXT NOT NULL CONSTRAINT "parties.id" PRIMARY KEY,
    kind $TEXT NOT NULL,
    name $TEXT NOT NULL,
    name_key $TEXT NOT NULL,
    aliases $TEXT NOT NULL,
    uscc $TEXT CONSTRAINT "parties.uscc" UNIQUE,
    orcid $TEXT CONSTRAINT "parties.orcid" UNIQUE,
    external_id $TEXT CONSTRAINT "parties.external_id" UNIQUE,
    region $TEXT,
    industry $TEXT,
    summary $TEXT NOT NULL,
    website $TEXT NOT NULL,
    keywords $TEXT NOT NULL,
    contact $TEXT NOT NULL,
    verified_at $INT,
    demo $INT NOT NULL,
    created_by $TEXT,
    version $INT NOT NULL,
    created_at $INT NOT NULL,
    updated_at $INT NOT NULL
) $STRICT;
CREATE INDEX parties_by_name ON parties (kind, name_key, id);

CREATE TABLE memberships (
    id $TEXT NOT NULL CONSTRAINT "memberships.id" PRIMARY KEY,
    member_id $TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    organization_id $TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    title $TEXT NOT NULL,
    first_day $TEXT,
    last_day $TEXT,
    status $TEXT NOT NULL,
    created_at $INT NOT NULL
) $STRICT;
CREATE INDEX memberships_by_member ON memberships (member_id, id);
CREATE INDEX memberships_by_organization ON memberships (organization_id, id);

CREATE TABLE accounts (
    id $TEXT NOT NULL CONSTRAINT "accounts.id" PRIMARY KEY,
    email $TEXT NOT NULL,
    email_key $TEXT NOT NULL CONSTRAINT "accounts.email_key" UNIQUE,
    name $TEXT NOT NULL,
    password_hash $TEXT NOT NULL,
    locale $TEXT NOT NULL,
    platform_role $TEXT,
    person_id $TEXT CONSTRAINT "accounts.person_id" UNIQUE REFERENCES parties (id),
    daily_mail $INT NOT NULL,
    disabled_at $INT,
    demo $INT NOT NULL,
    version $INT NOT NULL,
    created_at $INT NOT NULL
) $STRICT;

CREATE TABLE org_roles (
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    organization_id $TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    role $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "org_roles.account_id+organization_id" PRIMARY KEY (account_id, organization_id)
) $STRICT;
CREATE INDEX org_roles_by_organization ON org_roles (organization_id, account_id);

CREATE TABLE sessions (
    id_hash $TEXT NOT NULL CONSTRAINT "sessions.id_hash" PRIMARY KEY,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    csrf $TEXT NOT NULL,
    created_at $INT NOT NULL,
    expires_at $INT NOT NULL
) $STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE password_resets (
    hash $TEXT NOT NULL CONSTRAINT "password_resets.hash" PRIMARY KEY,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at $INT NOT NULL
) $STRICT;
CREATE INDEX password_resets_by_account ON password_resets (account_id);

CREATE TABLE api_tokens (
    id $TEXT NOT NULL CONSTRAINT "api_tokens.id" PRIMARY KEY,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    name $TEXT NOT NULL,
    hash $TEXT NOT NULL CONSTRAINT "api_tokens.hash" UNIQUE,
    scopes $TEXT NOT NULL,
    created_at $INT NOT NULL,
    used_at $INT,
    revoked_at $INT
) $STRICT;
CREATE INDEX api_tokens_by_account ON api_tokens (account_id, id);

CREATE TABLE invitations (
    id $TEXT NOT NULL CONSTRAINT "invitations.id" PRIMARY KEY,
    hash $TEXT NOT NULL CONSTRAINT "invitations.hash" UNIQUE,
    organization_id $TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    email $TEXT NOT NULL,
    role $TEXT NOT NULL,
    invited_by $TEXT NOT NULL,
    created_at $INT NOT NULL,
    expires_at $INT NOT NULL,
    accepted_at $INT
) $STRICT;
CREATE INDEX invitations_by_organization ON invitations (organization_id, id);

-- The long column comes last, so that a row can be judged without reading it.
CREATE TABLE listings (
    id $TEXT NOT NULL CONSTRAINT "listings.id" PRIMARY KEY,
    side $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    state $TEXT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id),
    author_id $TEXT,
    audience $TEXT NOT NULL,
    external_id $TEXT,
    version $INT NOT NULL,
    expires_at $INT,
    published_at $INT,
    created_at $INT NOT NULL,
    updated_at $INT NOT NULL,
    demo $INT NOT NULL,
    content $TEXT NOT NULL,
    CONSTRAINT "listings.party_id+external_id" UNIQUE (party_id, external_id)
) $STRICT;
CREATE INDEX listings_by_update ON listings (updated_at, id, audience);
CREATE INDEX listings_by_party ON listings (party_id, updated_at, id, audience);
CREATE INDEX listings_by_party_state ON listings (party_id, state, updated_at, id, audience);
CREATE INDEX listings_by_state ON listings (state, updated_at, id, audience);
CREATE INDEX listings_by_expiry ON listings (state, expires_at, id);

CREATE TABLE listing_versions (
    listing_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    version $INT NOT NULL,
    author_id $TEXT,
    at $INT NOT NULL,
    content $TEXT NOT NULL,
    CONSTRAINT "listing_versions.listing_id+version" PRIMARY KEY (listing_id, version)
) $STRICT;

CREATE TABLE reviews (
    id $TEXT NOT NULL CONSTRAINT "reviews.id" PRIMARY KEY,
    listing_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    version $INT NOT NULL,
    reviewer_id $TEXT NOT NULL,
    scores $TEXT NOT NULL,
    decision $TEXT NOT NULL,
    comment $TEXT NOT NULL,
    at $INT NOT NULL
) $STRICT;
CREATE INDEX reviews_by_listing ON reviews (listing_id, at, id);

CREATE TABLE attachments (
    id $TEXT NOT NULL CONSTRAINT "attachments.id" PRIMARY KEY,
    listing_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    name $TEXT NOT NULL,
    media_type $TEXT NOT NULL,
    size $INT NOT NULL,
    sha256 $TEXT NOT NULL,
    blob_key $TEXT NOT NULL,
    tier $TEXT NOT NULL,
    author_id $TEXT,
    created_at $INT NOT NULL
) $STRICT;
CREATE INDEX attachments_by_listing ON attachments (listing_id, id);
CREATE INDEX attachments_by_blob ON attachments (blob_key);

CREATE TABLE annex_acceptances (
    listing_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    at $INT NOT NULL,
    CONSTRAINT "annex_acceptances.listing_id+account_id" PRIMARY KEY (listing_id, account_id)
) $STRICT;

CREATE TABLE notices (
    id $TEXT NOT NULL CONSTRAINT "notices.id" PRIMARY KEY,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    body $TEXT NOT NULL,
    key $TEXT NOT NULL,
    created_at $INT NOT NULL,
    read_at $INT,
    mailed_at $INT,
    CONSTRAINT "notices.account_id+key" UNIQUE (account_id, key)
) $STRICT;
CREATE INDEX notices_by_account ON notices (account_id, created_at, id);
CREATE INDEX notices_unread ON notices (account_id) WHERE read_at IS NULL;
CREATE INDEX notices_unmailed ON notices (account_id, created_at) WHERE mailed_at IS NULL;

CREATE TABLE matches (
    need_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    offer_id $TEXT NOT NULL REFERENCES listings (id) ON DELETE CASCADE,
    score $FLOAT NOT NULL,
    blocked $INT NOT NULL,
    reasons $TEXT NOT NULL,
    CONSTRAINT "matches.need_id+offer_id" PRIMARY KEY (need_id, offer_id)
) $STRICT;
CREATE INDEX matches_by_offer ON matches (offer_id, need_id);

CREATE TABLE changes (
    seq $SEQ,
    at $INT NOT NULL,
    record $TEXT NOT NULL,
    record_id $TEXT NOT NULL,
    action $TEXT NOT NULL,
    actor_id $TEXT
) $STRICT;

CREATE TABLE cursors (
    follower $TEXT NOT NULL,
    node $TEXT NOT NULL,
    seq $INT NOT NULL,
    version $INT NOT NULL,
    CONSTRAINT "cursors.follower+node" PRIMARY KEY (follower, node)
) $STRICT;

CREATE TABLE parked (
    follower $TEXT NOT NULL,
    node $TEXT NOT NULL,
    seq $INT NOT NULL,
    change $TEXT NOT NULL,
    error $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "parked.follower+node+seq" PRIMARY KEY (follower, node, seq)
) $STRICT;

CREATE TABLE deliveries (
    id $SEQ,
    key $TEXT NOT NULL CONSTRAINT "deliveries.key" UNIQUE,
    channel $TEXT NOT NULL,
    payload $TEXT NOT NULL,
    created_at $INT NOT NULL,
    next_at $INT NOT NULL,
    attempts $INT NOT NULL,
    worker $TEXT,
    lease_until $INT,
    last_error $TEXT,
    done_at $INT
) $STRICT;
CREATE INDEX deliveries_open ON deliveries (next_at, id) WHERE done_at IS NULL;

CREATE TABLE leases (
    name $TEXT NOT NULL CONSTRAINT "leases.name" PRIMARY KEY,
    holder $TEXT NOT NULL,
    held_until $INT NOT NULL
) $STRICT;

CREATE TABLE idempotency (
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    key $TEXT NOT NULL,
    request_hash $TEXT NOT NULL,
    status $INT NOT NULL,
    body $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "idempotency.account_id+key" PRIMARY KEY (account_id, key)
) $STRICT;
CREATE INDEX idempotency_by_age ON idempotency (at);

CREATE TABLE imports (
    id $TEXT NOT NULL CONSTRAINT "imports.id" PRIMARY KEY,
    account_id $TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    what $TEXT NOT NULL,
    state $TEXT NOT NULL,
    total $INT NOT NULL,
    done $INT NOT NULL,
    created $INT NOT NULL,
    updated $INT NOT NULL,
    failed $INT NOT NULL,
    report $TEXT NOT NULL,
    blob_key $TEXT,
    mapping $TEXT NOT NULL,
    created_at $INT NOT NULL,
    finished_at $INT
) $STRICT;
CREATE INDEX imports_by_account ON imports (account_id, created_at, id);
