-- Articles and what is read from them. The first part is state; the second is derived from it by the follower of the
-- graph and can be made anew. A day that is not known is the empty text, which both engines sort alike.

CREATE TABLE sources (
    id $TEXT NOT NULL CONSTRAINT "sources.id" PRIMARY KEY,
    digest $TEXT NOT NULL CONSTRAINT "sources.digest" UNIQUE,
    name $TEXT NOT NULL,
    encoding $TEXT NOT NULL,
    replaced $INT NOT NULL,
    apart $TEXT NOT NULL,
    created_by $TEXT,
    created_at $INT NOT NULL,
    original $TEXT NOT NULL
) $STRICT;

CREATE TABLE articles (
    id $TEXT NOT NULL CONSTRAINT "articles.id" PRIMARY KEY,
    source_id $TEXT NOT NULL REFERENCES sources (id) ON DELETE CASCADE,
    ordinal $INT NOT NULL,
    title $TEXT NOT NULL,
    title_key $TEXT NOT NULL,
    published $TEXT NOT NULL,
    place $TEXT,
    origin $TEXT,
    state $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    readers $TEXT NOT NULL,
    text_readers $TEXT NOT NULL,
    reader_version $INT NOT NULL,
    version $INT NOT NULL,
    demo $INT NOT NULL,
    created_at $INT NOT NULL,
    updated_at $INT NOT NULL,
    reading $TEXT NOT NULL,
    CONSTRAINT "articles.source_id+ordinal" UNIQUE (source_id, ordinal)
) $STRICT;
CREATE INDEX articles_by_day ON articles (published, id, audience);
CREATE INDEX articles_by_reader ON articles (reader_version, id);

CREATE TABLE corrections (
    id $TEXT NOT NULL CONSTRAINT "corrections.id" PRIMARY KEY,
    article_id $TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    fact_id $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    first_char $INT NOT NULL,
    end_char $INT NOT NULL,
    judgement $TEXT NOT NULL,
    content $TEXT NOT NULL,
    by_id $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "corrections.article_id+fact_id" UNIQUE (article_id, fact_id)
) $STRICT;

CREATE TABLE join_decisions (
    kept_id $TEXT NOT NULL,
    joined_id $TEXT NOT NULL,
    same $INT NOT NULL,
    kept_name $TEXT NOT NULL,
    joined_name $TEXT NOT NULL,
    by_id $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "join_decisions.kept_id+joined_id" PRIMARY KEY (kept_id, joined_id)
) $STRICT;
CREATE INDEX join_decisions_by_joined ON join_decisions (joined_id);

CREATE TABLE entity_claims (
    entity_id $TEXT NOT NULL,
    party_id $TEXT NOT NULL REFERENCES parties (id) ON DELETE CASCADE,
    status $TEXT NOT NULL,
    by_id $TEXT NOT NULL,
    at $INT NOT NULL,
    CONSTRAINT "entity_claims.entity_id+party_id" PRIMARY KEY (entity_id, party_id)
) $STRICT;
CREATE INDEX entity_claims_by_party ON entity_claims (party_id);

CREATE TABLE agreements (
    id $TEXT NOT NULL CONSTRAINT "agreements.id" PRIMARY KEY,
    title $TEXT NOT NULL,
    title_key $TEXT NOT NULL,
    signed_on $TEXT,
    parties $TEXT NOT NULL,
    fact_id $TEXT CONSTRAINT "agreements.fact_id" UNIQUE,
    article_id $TEXT,
    note $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    version $INT NOT NULL,
    created_by $TEXT,
    created_at $INT NOT NULL,
    updated_at $INT NOT NULL
) $STRICT;
CREATE INDEX agreements_by_title ON agreements (title_key, id);
CREATE INDEX agreements_by_article ON agreements (article_id, id);

CREATE TABLE commitments (
    id $TEXT NOT NULL CONSTRAINT "commitments.id" PRIMARY KEY,
    agreement_id $TEXT NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    who $TEXT NOT NULL,
    what $TEXT NOT NULL,
    due $TEXT,
    state $TEXT NOT NULL,
    note $TEXT NOT NULL,
    created_at $INT NOT NULL,
    closed_at $INT
) $STRICT;
CREATE INDEX commitments_by_agreement ON commitments (agreement_id, id);
CREATE INDEX commitments_by_due ON commitments (state, due, id);

-- Derived from here on.

CREATE TABLE entities (
    id $TEXT NOT NULL CONSTRAINT "entities.id" PRIMARY KEY,
    kind $TEXT NOT NULL,
    name $TEXT NOT NULL,
    name_key $TEXT NOT NULL,
    qualifier $TEXT NOT NULL
) $STRICT;
CREATE INDEX entities_by_name ON entities (name_key, kind, id);

CREATE TABLE article_entities (
    article_id $TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    local_id $TEXT NOT NULL,
    entity_id $TEXT NOT NULL,
    anchor_id $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    name $TEXT NOT NULL,
    qualifier $TEXT NOT NULL,
    mentions $INT NOT NULL,
    day $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    CONSTRAINT "article_entities.article_id+local_id" PRIMARY KEY (article_id, local_id)
) $STRICT;
CREATE INDEX article_entities_by_entity ON article_entities (entity_id, day, article_id, audience);

-- How many articles for the same readers name an entity.
CREATE TABLE entity_counts (
    entity_id $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    articles $INT NOT NULL,
    first_day $TEXT NOT NULL,
    last_day $TEXT NOT NULL,
    CONSTRAINT "entity_counts.entity_id+audience" PRIMARY KEY (entity_id, audience)
) $STRICT;

CREATE TABLE entity_names (
    article_id $TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    name_key $TEXT NOT NULL,
    entity_id $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    name $TEXT NOT NULL,
    role $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    CONSTRAINT "entity_names.article_id+entity_id+name_key+role" PRIMARY KEY (article_id, entity_id, name_key, role)
) $STRICT;
CREATE INDEX entity_names_by_key ON entity_names (name_key, kind, entity_id);
CREATE INDEX entity_names_by_entity ON entity_names (entity_id, role, name, audience);

CREATE TABLE facts (
    id $TEXT NOT NULL CONSTRAINT "facts.id" PRIMARY KEY,
    article_id $TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    kind $TEXT NOT NULL,
    day $TEXT NOT NULL,
    confidence $FLOAT NOT NULL,
    first_char $INT NOT NULL,
    end_char $INT NOT NULL,
    status $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    sentence $TEXT NOT NULL
) $STRICT;
CREATE INDEX facts_by_day ON facts (day, id, audience);
CREATE INDEX facts_by_kind ON facts (kind, day, id, audience);
CREATE INDEX facts_by_article ON facts (article_id, first_char, id);

CREATE TABLE fact_arguments (
    fact_id $TEXT NOT NULL REFERENCES facts (id) ON DELETE CASCADE,
    ordinal $INT NOT NULL,
    role $TEXT NOT NULL,
    entity_id $TEXT,
    kind $TEXT NOT NULL,
    day $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    text $TEXT NOT NULL,
    CONSTRAINT "fact_arguments.fact_id+ordinal" PRIMARY KEY (fact_id, ordinal)
) $STRICT;
CREATE INDEX fact_arguments_by_entity ON fact_arguments (entity_id, day, fact_id, kind, audience);
CREATE INDEX fact_arguments_by_kind ON fact_arguments (entity_id, kind, day, fact_id, audience);
CREATE INDEX fact_arguments_by_fact ON fact_arguments (fact_id, entity_id);

-- How many facts of a kind for the same readers two entities stand in together; each pair stands here both ways.
CREATE TABLE ties (
    one_id $TEXT NOT NULL,
    other_id $TEXT NOT NULL,
    kind $TEXT NOT NULL,
    audience $TEXT NOT NULL,
    facts $INT NOT NULL,
    first_day $TEXT NOT NULL,
    last_day $TEXT NOT NULL,
    CONSTRAINT "ties.one_id+other_id+kind+audience" PRIMARY KEY (one_id, other_id, kind, audience)
) $STRICT;
CREATE INDEX ties_by_facts ON ties (one_id, facts);

CREATE TABLE join_candidates (
    first_id $TEXT NOT NULL,
    second_id $TEXT NOT NULL,
    score $FLOAT NOT NULL,
    reason $TEXT NOT NULL,
    CONSTRAINT "join_candidates.first_id+second_id" PRIMARY KEY (first_id, second_id)
) $STRICT;
CREATE INDEX join_candidates_by_score ON join_candidates (score, first_id, second_id);
CREATE INDEX join_candidates_by_second ON join_candidates (second_id);

CREATE TABLE agreement_articles (
    agreement_id $TEXT NOT NULL REFERENCES agreements (id) ON DELETE CASCADE,
    article_id $TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    day $TEXT NOT NULL,
    CONSTRAINT "agreement_articles.agreement_id+article_id" PRIMARY KEY (agreement_id, article_id)
) $STRICT;
