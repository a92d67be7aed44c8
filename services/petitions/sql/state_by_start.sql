-- A numbered page of one state: found by the index alone, then read. $1 listed (1 active, 2 inactive), $2 policy or '', $3 rows, $4 rows before, $5 state.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, p.opened_at, p.deadline, p.closes_at, p.signatures, p.answer_at, p.sort_start, p.sort_end
FROM (
  SELECT petition
  FROM petitions
  WHERE listed = $1 AND state = $5 AND ($2 = '' OR policy = $2)
  ORDER BY sort_start DESC, petition DESC
  LIMIT $3 OFFSET $4
) AS x
JOIN petitions AS p ON p.petition = x.petition
LEFT JOIN initiators AS i ON i.petition = p.petition
ORDER BY p.sort_start DESC, p.petition DESC;
