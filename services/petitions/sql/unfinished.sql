-- What is to be decided and isn't yet, the oldest first. $1 rows, $2 rows before.
SELECT p.petition, p.register, p.title, i.public_name, i.party, p.opened_at, p.decide_by, p.answer
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.decide_by IS NOT NULL AND p.state = 'closed' AND p.answer NOT IN ('answered', 'followed_up')
ORDER BY p.decide_by, p.petition
LIMIT $1 OFFSET $2;
