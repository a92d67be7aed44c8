-- A request. $1 its item.
SELECT state, position
FROM subscriptions
WHERE item = $1;
