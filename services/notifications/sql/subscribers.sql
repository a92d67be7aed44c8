-- Who subscribes to a list. $1 the list, $2 the item before, $3 rows.
SELECT item
FROM subscriptions
WHERE state = 'confirmed' AND list = $1 AND item > $2
ORDER BY item
LIMIT $3;
