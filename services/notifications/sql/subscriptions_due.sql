-- Requests that nobody confirmed in time. $1 now in milliseconds, $2 rows.
SELECT item, position
FROM subscriptions
WHERE state = 'requested' AND due_at <= $1
ORDER BY due_at, item
LIMIT $2;
