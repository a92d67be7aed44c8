-- A numbered page. $1 listed (1 active, 2 inactive), $2 rows, $3 rows before.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, p.opened_at, p.deadline, p.closes_at, p.signatures, p.answer_at
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.listed = $1
ORDER BY p.closes_at ASC, p.petition ASC
LIMIT $2 OFFSET $3;
