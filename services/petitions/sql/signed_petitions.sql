-- Petitions with signatures, from one on. $1 petition, $2 rows.
SELECT petition
FROM petitions
WHERE petition >= $1 AND signatures > 0
ORDER BY petition
LIMIT $2;
