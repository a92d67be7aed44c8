-- Objections that wait to be decided, oldest first. $1 rows, $2 rows before.
SELECT objection, petition, about, item, raised_at, decide_by
FROM objections
WHERE waits = 1
ORDER BY raised_at, objection
LIMIT $1 OFFSET $2;
