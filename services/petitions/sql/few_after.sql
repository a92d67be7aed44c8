-- A page after a cursor of a list narrowed to few: all of them are found by their classes, then sorted. $1 listed, $2 policy, $3 state, $4 area, $5 committee, $6 topic as a pattern, $7 pairs of states (each or ''), $8 rows, $9 sort_start or signatures and $10 petition of the last row seen, $11 sort (3 signatures, else start).
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end
FROM (
  SELECT x.petition, x.sort_key
  FROM (
    SELECT p.petition, CASE WHEN CAST($11 AS BIGINT) = 3 THEN p.signatures ELSE p.sort_start END AS sort_key
    FROM petition_classes AS c
    CROSS JOIN petitions AS p
    WHERE p.listed = c.listed AND p.policy = c.policy AND p.answer = c.answer AND p.area = c.area AND p.committee = c.committee AND p.topics = c.topics AND p.state = c.value
      AND c.listed = $1 AND c.rows > 0 AND ($2 = '' OR c.policy = $2) AND ($3 = '' OR c.value = $3)
      AND ($4 = '' OR c.area = $4)
      AND ($5 = '' OR c.committee = $5)
      AND ($6 = '' OR c.topics LIKE $6)
      AND ($7 = '' OR $7 LIKE '%,' || c.value || '/' || c.answer || ',%')
  ) AS x
  WHERE (x.sort_key, x.petition) < ($9, $10)
  ORDER BY x.sort_key DESC, x.petition DESC
  LIMIT $8
) AS s
JOIN petitions AS p ON p.petition = s.petition
LEFT JOIN initiators AS i ON i.petition = p.petition
ORDER BY s.sort_key DESC, s.petition DESC;
