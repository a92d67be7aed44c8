-- How many panels there are. $1 also private ones (0 or 1).
SELECT COUNT(*) AS total
FROM panels
WHERE public = 1 OR $1 = 1;
