-- What is published of every petition, by id. $1 petition before, $2 rows.
SELECT petition, state, signatures, against
FROM petitions
WHERE petition > $1
ORDER BY petition
LIMIT $2;
