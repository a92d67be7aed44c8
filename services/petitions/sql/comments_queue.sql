-- Comments that a moderator has to look at, oldest first. $1 rows, $2 rows before.
SELECT petition, item, thread, reply, state, shown, reports, written_at, review_by, words, public_name, party
FROM comments
WHERE queue = 1
ORDER BY position ASC
LIMIT $1 OFFSET $2;
