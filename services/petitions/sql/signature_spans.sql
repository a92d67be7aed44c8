-- How many confirmed ones stand in each span of log positions, newest first, from kept counts: where a deep page begins. $1 petition.
SELECT span, CAST(SUM(rows) AS BIGINT) AS total
FROM signature_spans
WHERE petition = $1
GROUP BY span
ORDER BY span DESC;
