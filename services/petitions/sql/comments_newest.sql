-- Threads of a petition, newest first: what is shown, and what isn't but has a reply that is. $1 petition, $2 rows, $3 rows before.
SELECT c.item, c.thread, c.state, c.shown, c.written_at, c.words, c.public_name, c.party
FROM comments AS c
WHERE c.petition = $1 AND c.reply = 0 AND (c.shown = 1 OR EXISTS (SELECT 1 FROM comments AS r WHERE r.petition = c.petition AND r.thread = c.item AND r.reply = 1 AND r.shown = 1))
ORDER BY c.position DESC
LIMIT $2 OFFSET $3;
