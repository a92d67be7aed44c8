-- What everybody is told of a petition's corrections, newest first. $1 petition, $2 rows, $3 rows before.
SELECT petition, bulk, kind, against, at, role, number, before, after, count_position, notice
FROM corrections
WHERE petition = $1
ORDER BY position DESC, kind, against
LIMIT $2 OFFSET $3;
