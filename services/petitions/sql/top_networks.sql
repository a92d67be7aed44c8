-- Networks that handed in most, by hour. $1 petition, $2 first hour, $3 rows an hour.
SELECT hour, tag, submissions
FROM (
    SELECT hour, value AS tag, rows AS submissions,
        row_number() OVER (PARTITION BY hour ORDER BY rows DESC, value) AS place
    FROM network_hours
    WHERE petition = $1 AND hour >= $2 AND value <> '' AND rows > 0
) AS ranked
WHERE place <= $3
ORDER BY hour DESC, place;
