-- Shown replies to the threads of a page, newest threads first, each oldest first. $1 petition, $2 rows, $3 rows before.
SELECT reply.item, reply.thread, reply.state, reply.shown, reply.written_at, reply.words, reply.public_name, reply.party
FROM comments AS reply
WHERE reply.petition = $1 AND reply.item IN (
    SELECT r.item
    FROM comments AS r
    WHERE r.petition = $1 AND r.reply = 1 AND r.shown = 1 AND r.thread IN (
        SELECT c.item
        FROM comments AS c
        WHERE c.petition = $1 AND c.reply = 0 AND (c.shown = 1 OR EXISTS (SELECT 1 FROM comments AS h WHERE h.petition = c.petition AND h.thread = c.item AND h.reply = 1 AND h.shown = 1))
        ORDER BY c.position DESC
        LIMIT $2 OFFSET $3
    )
)
ORDER BY reply.position ASC;
