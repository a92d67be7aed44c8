-- Other counted signatures of one person. $1 petition, $2 item.
SELECT o.item, o.method, o.position
FROM persons AS s
JOIN persons AS o ON o.petition = s.petition AND o.person = s.person
WHERE s.petition = $1 AND s.item = $2 AND o.item <> s.item AND o.counted = 1
ORDER BY o.position;
