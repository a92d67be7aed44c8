-- Other signatures of the same person, those on paper that may have lost to this one among them: by name and postcode,
-- unless two personal numbers say that they are two, or by personal number. $1 petition, $2 item.
SELECT o.item AS item, o.position AS position, o.counted AS counted, o.method AS method
FROM persons AS s
JOIN persons AS o ON o.person = s.person
WHERE s.petition = $1 AND s.item = $2 AND o.item <> s.item
  AND (s.eid IS NULL OR o.eid IS NULL OR s.eid = o.eid)
UNION
SELECT o.item AS item, o.position AS position, o.counted AS counted, o.method AS method
FROM persons AS s
JOIN persons AS o ON o.eid = s.eid
WHERE s.petition = $1 AND s.item = $2 AND o.item <> s.item
ORDER BY position;
