-- How many stand where, from kept counts.
SELECT value AS state, CAST(SUM(rows) AS BIGINT) AS total
FROM petition_totals
GROUP BY value
ORDER BY value;
