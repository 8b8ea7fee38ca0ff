-- Answers are listed by when they were given.
CREATE INDEX join_decisions_by_time ON join_decisions (at, kept_id, joined_id);
