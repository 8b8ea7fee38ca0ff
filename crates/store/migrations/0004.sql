-- Every name of the graph from each of its characters on, so that a part of a name is found as the beginning of one of
-- these. Derived; what is longer is cut.
CREATE TABLE name_parts (
    name_key $TEXT NOT NULL,
    part $TEXT NOT NULL,
    CONSTRAINT "name_parts.name_key+part" PRIMARY KEY (name_key, part)
) $STRICT;
CREATE INDEX name_parts_by_part ON name_parts (part, name_key);
INSERT INTO name_parts (name_key, part)
    WITH RECURSIVE places (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM places WHERE place < 120)
    SELECT DISTINCT n.name_key, SUBSTR(n.name_key, p.place, 24) FROM entity_names n
    JOIN places p ON p.place <= LENGTH(n.name_key) WHERE n.role <> 'core';
