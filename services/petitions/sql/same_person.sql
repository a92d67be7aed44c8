-- A counted signature beside the other counted ones of the same person: by name and postcode, unless two personal numbers
-- say that they are two, or by personal number. $1 petition, $2 item.
SELECT s.method AS own_method, s.position AS own_position, o.item AS item, o.method AS method, o.position AS position
FROM persons AS s
JOIN persons AS o ON o.person = s.person
WHERE s.petition = $1 AND s.item = $2 AND s.counted = 1 AND o.item <> s.item AND o.counted = 1
  AND (s.eid IS NULL OR o.eid IS NULL OR s.eid = o.eid)
UNION
SELECT s.method AS own_method, s.position AS own_position, o.item AS item, o.method AS method, o.position AS position
FROM persons AS s
JOIN persons AS o ON o.eid = s.eid
WHERE s.petition = $1 AND s.item = $2 AND s.counted = 1 AND o.item <> s.item AND o.counted = 1
ORDER BY position;
