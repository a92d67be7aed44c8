-- Letters to be attempted. $1 now in milliseconds, $2 rows.
SELECT delivery, due_at
FROM deliveries
WHERE state = 'planned' AND due_at <= $1
ORDER BY due_at, delivery
LIMIT $2;
