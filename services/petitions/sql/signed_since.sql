-- Trending: confirmed in a list since a moment. $1 hour since 1970, $2 rows.
SELECT petition, COUNT(*) AS signatures
FROM signatures
WHERE counted = 1 AND hour >= $1
GROUP BY petition
ORDER BY COUNT(*) DESC, petition
LIMIT $2;
