-- The newest public petitions that share as many words of a title as similar ones do. $1 search, $2 handed in since, in milliseconds, $3 not this petition, $4 rows.
SELECT p.petition, p.state, p.answer, p.title, p.url_key, p.opened_at, p.submitted_at, p.signatures, p.title_words
FROM words_petitions($1, listed <> 0 AND submitted_at >= $2 AND petition <> $3) AS p
ORDER BY p.handed_in DESC
LIMIT $4;
