-- A numbered page of one state: found by the index alone, then read. $1 listed (1 active, 2 inactive), $2 policy or '', $3 rows, $4 rows before, $5 state, $6 area, $7 committee, $8 topic as a pattern, $9 pairs of states; each or ''.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end
FROM (
  SELECT petition
  FROM petitions
  WHERE listed = $1 AND state = $5 AND ($2 = '' OR policy = $2)
    AND ($6 = '' OR area = $6)
    AND ($7 = '' OR committee = $7)
    AND ($8 = '' OR topics LIKE $8)
    AND ($9 = '' OR $9 LIKE '%,' || state || '/' || answer || ',%')
  ORDER BY signatures DESC, petition DESC
  LIMIT $3 OFFSET $4
) AS x
JOIN petitions AS p ON p.petition = x.petition
LEFT JOIN initiators AS i ON i.petition = p.petition
ORDER BY p.signatures DESC, p.petition DESC;
