-- The latest submissions of a domain's tag, to open its name from. $1 tag, $2 rows.
SELECT position
FROM origins
WHERE domain = $1
ORDER BY position DESC
LIMIT $2;
