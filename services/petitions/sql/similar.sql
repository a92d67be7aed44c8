-- Public petitions that share words of a title. $1 search, $2 handed in since, in milliseconds, $3 not this petition, $4 rows.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, p.opened_at, p.submitted_at, p.signatures
FROM words_petitions($1) AS p
WHERE p.listed <> 0 AND p.submitted_at >= $2 AND p.petition <> $3
ORDER BY p.relevance DESC, p.petition DESC
LIMIT $4;
