-- How many letters that were planned on a day stand where. $1 the first day, $2 the last, in days since 1970.
SELECT hour / 24 AS day, value, CAST(SUM(rows) AS BIGINT) AS rows
FROM delivery_hours
WHERE hour >= $1 * 24 AND hour < ($2 + 1) * 24
GROUP BY hour / 24, value
ORDER BY day, value;
