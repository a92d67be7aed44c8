-- A page after a cursor. $1 petition, $2 position of the last row seen, $3 rows.
SELECT item, method, position, signed_at, name_position, key_ref, area, against
FROM signatures
WHERE petition = $1 AND counted = 1 AND position < $2
ORDER BY position DESC
LIMIT $3;
