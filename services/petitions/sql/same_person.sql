-- A counted signature beside the other counted ones of the same person. $1 petition, $2 item.
SELECT s.method AS own_method, s.position AS own_position, o.item, o.method, o.position
FROM persons AS s
JOIN persons AS o ON o.person = s.person
WHERE s.petition = $1 AND s.item = $2 AND s.counted = 1 AND o.item <> s.item AND o.counted = 1
ORDER BY o.position;
