-- Who started petitions, from one on. $1 petition, $2 rows.
SELECT petition, tags, mailbox
FROM initiators
WHERE petition > $1
ORDER BY petition
LIMIT $2;
