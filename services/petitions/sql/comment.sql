-- One comment. $1 petition, $2 item.
SELECT item, thread, reply, state, shown, position, written_at, words, public_name, party
FROM comments
WHERE petition = $1 AND item = $2;
