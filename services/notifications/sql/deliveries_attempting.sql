-- Letters that were being attempted when the process ended. $1 rows.
SELECT delivery
FROM deliveries
WHERE state = 'attempting'
ORDER BY delivery
LIMIT $1;
