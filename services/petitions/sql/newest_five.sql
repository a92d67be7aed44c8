-- The five opened last.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, i.public_name, i.party, p.opened_at, p.deadline, p.closes_at, p.signatures, p.against, p.answer_at, p.area, p.committee, p.topics, p.sort_start, p.sort_end
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.listed = 1
ORDER BY p.sort_start DESC, p.petition DESC
LIMIT 5;
