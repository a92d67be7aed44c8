-- Lines on paper that don't count beside a line of the same person. $1 petition, $2 item.
SELECT o.item AS item, o.position AS position
FROM persons AS s
JOIN persons AS o ON o.person = s.person
WHERE s.petition = $1 AND s.item = $2 AND o.item <> s.item AND o.counted = 0 AND o.method = 'paper'
UNION
SELECT o.item AS item, o.position AS position
FROM persons AS s
JOIN persons AS o ON o.eid = s.eid
WHERE s.petition = $1 AND s.item = $2 AND o.item <> s.item AND o.counted = 0 AND o.method = 'paper'
ORDER BY position;
