-- How many subscribe to a list. $1 the list.
SELECT COUNT(*) AS subscribers
FROM subscriptions
WHERE state = 'confirmed' AND list = $1;
