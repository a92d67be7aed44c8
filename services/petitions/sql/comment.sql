-- One comment. $1 petition, $2 item.
SELECT item, thread, reply, state, shown, position
FROM comments
WHERE petition = $1 AND item = $2;
