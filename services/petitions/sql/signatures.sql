-- A numbered page of all confirmed. $1 petition, $2 rows, $3 rows before.
SELECT item, method, position, signed_at, name_position, key_ref, area
FROM signatures
WHERE petition = $1 AND counted = 1
ORDER BY position DESC
LIMIT $2 OFFSET $3;
