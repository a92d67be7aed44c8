-- How many a list has, from kept counts. $1 listed, $2 policy or '', $3 state or ''.
SELECT CAST(COALESCE(SUM(rows), 0) AS BIGINT) AS total
FROM petition_totals
WHERE listed = $1 AND ($2 = '' OR policy = $2) AND ($3 = '' OR value = $3);
