-- Batches of lists of a petition, newest first. $1 petition, $2 rows, $3 rows to leave out.
SELECT batch, state, received, taken, refused, counted, uncompared, dropped, struck, work, position
FROM papers
WHERE petition = $1
ORDER BY position DESC
LIMIT $2 OFFSET $3;
