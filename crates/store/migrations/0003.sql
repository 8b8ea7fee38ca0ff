-- What visitors are shown of a match; they read less of some listings than members do. Their reasons are
-- those of members where there are none here, and `[]` where they are shown nothing. The versions are those
-- of the listings that were matched: while a listing is of another, visitors are not shown what is kept here.
ALTER TABLE matches ADD COLUMN need_version $INT NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN offer_version $INT NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN public_score $FLOAT NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN public_blocked $INT NOT NULL DEFAULT 0;
ALTER TABLE matches ADD COLUMN public_reasons $TEXT DEFAULT NULL;
UPDATE matches SET public_score = score, public_blocked = blocked;
