-- A page of one state after a cursor. $1 listed, $2 signatures and $3 petition of the last row seen, $4 rows, $5 policy or '', $6 state, $7 area, $8 committee, $9 topic as a pattern, $10 pairs of states; each or ''.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.listed = $1 AND p.state = $6 AND (p.signatures, p.petition) < ($2, $3) AND ($5 = '' OR p.policy = $5)
  AND ($7 = '' OR p.area = $7)
  AND ($8 = '' OR p.committee = $8)
  AND ($9 = '' OR p.topics LIKE $9)
  AND ($10 = '' OR $10 LIKE '%,' || p.state || '/' || p.answer || ',%')
ORDER BY p.signatures DESC, p.petition DESC
LIMIT $4;
