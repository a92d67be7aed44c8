-- How many stand where.
SELECT state, COUNT(*) AS total
FROM petitions
GROUP BY state
ORDER BY state;
