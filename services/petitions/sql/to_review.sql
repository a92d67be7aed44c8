-- For moderators, oldest first. $1 rows, $2 rows before.
SELECT p.petition, p.register, p.title, i.public_name, i.party, p.submitted_at, p.review_by, p.policy
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.state = 'in_review'
ORDER BY p.submitted_at, p.petition
LIMIT $1 OFFSET $2;
