-- Shown replies of a thread, oldest first. $1 petition, $2 thread.
SELECT item, thread, state, shown, written_at, words, public_name, party
FROM comments
WHERE petition = $1 AND thread = $2 AND reply = 1 AND shown = 1
ORDER BY position ASC;
