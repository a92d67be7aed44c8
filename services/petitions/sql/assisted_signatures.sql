-- Signatures that somebody else made for the signer, latest first. $1 position of the last row seen, $2 rows.
SELECT assisted
FROM persons
WHERE assisted < $1
ORDER BY assisted DESC
LIMIT $2;
