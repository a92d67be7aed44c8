-- What else somebody did for a citizen, latest first. $1 position of the last row seen, $2 rows.
SELECT assisted
FROM assisted
WHERE assisted < $1
ORDER BY assisted DESC
LIMIT $2;
