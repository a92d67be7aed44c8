-- When reviews began and were decided, in order. $1 from in milliseconds, $2 rows.
SELECT petition, position, at, decided
FROM reviews
WHERE at >= $1
ORDER BY at, petition, position
LIMIT $2;
