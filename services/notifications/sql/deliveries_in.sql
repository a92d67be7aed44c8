-- Letters that stand somewhere. $1 where, $2 rows.
SELECT delivery, hour, template
FROM deliveries
WHERE state = $1
ORDER BY due_at, delivery
LIMIT $2;
