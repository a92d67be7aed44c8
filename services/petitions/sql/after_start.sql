-- A page after a cursor. $1 listed, $2 opened_at and $3 petition of the last row seen, $4 rows.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, p.opened_at, p.deadline, p.closes_at, p.signatures, p.answer_at
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.listed = $1 AND (p.opened_at < $2 OR (p.opened_at = $2 AND p.petition < $3))
ORDER BY p.opened_at DESC, p.petition DESC
LIMIT $4;
