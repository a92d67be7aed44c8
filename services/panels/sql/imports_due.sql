-- Imports whose time is up. $1 now, $2 rows.
SELECT import, panel, standing
FROM imports
WHERE due_at > 0 AND due_at <= $1
ORDER BY due_at
LIMIT $2;
