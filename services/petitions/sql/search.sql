-- A numbered page of what a search finds, and how many it finds; only the page's rows are read whole. $1 search, $2 listed, $3 policy or '', $4 state or '', $5 sort (1 start, 2 deadline, 3 signatures, else relevance), $6 rows, $7 rows before, $8 area, $9 committee, $10 topic as a pattern, $11 pairs of states; each or ''.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end, s.sort_key, s.total
FROM (
  SELECT x.petition, x.sort_key, x.total
  FROM (
    SELECT p.petition, CASE $5 WHEN 1 THEN p.sort_start WHEN 2 THEN -p.sort_end WHEN 3 THEN p.signatures ELSE p.relevance END AS sort_key, COUNT(*) OVER () AS total
    FROM words_petitions($1, listed = $2 AND ($3 = '' OR policy = $3) AND ($4 = '' OR state = $4)
      AND ($8 = '' OR area = $8) AND ($9 = '' OR committee = $9)
      AND ($10 = '' OR topics LIKE $10)
      AND ($11 = '' OR $11 LIKE '%,' || state || '/' || answer || ',%')) AS p
  ) AS x
  ORDER BY x.sort_key DESC, x.petition DESC
  LIMIT $6 OFFSET $7
) AS s
JOIN petitions AS p ON p.petition = s.petition
LEFT JOIN initiators AS i ON i.petition = p.petition
ORDER BY s.sort_key DESC, s.petition DESC;
