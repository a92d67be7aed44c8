-- Counted signatures of a petition, by the position they stand at. $1 petition, $2 from, $3 before, $4 rows.
SELECT item, position
FROM signatures
WHERE petition = $1 AND counted = 1 AND position >= $2 AND position < $3
ORDER BY position
LIMIT $4;
