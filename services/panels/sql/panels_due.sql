-- Panels whose members had to say by now whether they stay. $1 now, $2 rows.
SELECT panel
FROM panels
WHERE due_at > 0 AND due_at <= $1
ORDER BY due_at
LIMIT $2;
