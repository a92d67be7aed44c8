-- How many a list has. $1 listed.
SELECT COUNT(*) AS total
FROM petitions
WHERE listed = $1;
