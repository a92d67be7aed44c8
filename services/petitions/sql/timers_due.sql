-- What is due. $1 now in milliseconds, $2 rows.
SELECT petition, item, what, due_at, position
FROM timers
WHERE due_at <= $1
ORDER BY due_at, petition, item
LIMIT $2;
