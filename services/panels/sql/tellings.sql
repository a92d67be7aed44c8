-- Letters to members that are under way. $1 rows.
SELECT telling, panel, upto
FROM tellings
WHERE finished = 0
LIMIT $1;
