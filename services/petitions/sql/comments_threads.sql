-- How many threads the pages have. $1 petition.
SELECT COUNT(*) AS total
FROM comments AS c
WHERE c.petition = $1 AND c.reply = 0 AND (c.shown = 1 OR EXISTS (SELECT 1 FROM comments AS r WHERE r.petition = c.petition AND r.thread = c.item AND r.reply = 1 AND r.shown = 1));
