-- The same of all petitions. $1 rows, $2 rows before.
SELECT petition, bulk, kind, against, at, role, number, before, after, count_position, notice
FROM corrections
ORDER BY position DESC, petition, kind, against
LIMIT $1 OFFSET $2;
