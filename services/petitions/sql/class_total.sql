-- How many a narrowed list has, from kept counts. $1 listed, $2 policy, $3 state, $4 area, $5 committee, $6 topic as a pattern, $7 pairs of states; each or ''.
SELECT CAST(COALESCE(SUM(rows), 0) AS BIGINT) AS total
FROM petition_classes
WHERE listed = $1 AND ($2 = '' OR policy = $2) AND ($3 = '' OR value = $3)
  AND ($4 = '' OR area = $4)
  AND ($5 = '' OR committee = $5)
  AND ($6 = '' OR topics LIKE $6)
  AND ($7 = '' OR $7 LIKE '%,' || value || '/' || answer || ',%');
