-- A numbered page: found by the index alone, then read. $1 listed (1 active, 2 inactive), $2 policy or '', $3 rows, $4 rows before, $5 area, $6 committee, $7 topic as a pattern, $8 pairs of states; each or ''.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end
FROM (
  SELECT petition
  FROM petitions
  WHERE listed = $1 AND ($2 = '' OR policy = $2)
    AND ($5 = '' OR area = $5)
    AND ($6 = '' OR committee = $6)
    AND ($7 = '' OR topics LIKE $7)
    AND ($8 = '' OR $8 LIKE '%,' || state || '/' || answer || ',%')
  ORDER BY signatures DESC, petition DESC
  LIMIT $3 OFFSET $4
) AS x
JOIN petitions AS p ON p.petition = x.petition
LEFT JOIN initiators AS i ON i.petition = p.petition
ORDER BY p.signatures DESC, p.petition DESC;
