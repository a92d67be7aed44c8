-- A numbered page of all confirmed: found by the index alone, then read. $1 petition, $2 below this position, $3 rows, $4 rows before.
SELECT s.item, s.method, s.position, s.signed_at, s.name_position, s.key_ref, s.area, s.against
FROM (
  SELECT item
  FROM signatures
  WHERE petition = $1 AND counted = 1 AND position < $2
  ORDER BY position DESC
  LIMIT $3 OFFSET $4
) AS x
JOIN signatures AS s ON s.petition = $1 AND s.item = x.item
ORDER BY s.position DESC;
