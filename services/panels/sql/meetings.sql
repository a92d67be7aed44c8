-- Meetings of a panel, the latest first. $1 the panel, $2 rows, $3 rows before.
SELECT meeting, phase, starts_at, attended, title, place
FROM meetings
WHERE panel = $1
ORDER BY starts_at DESC, meeting
LIMIT $2 OFFSET $3;
