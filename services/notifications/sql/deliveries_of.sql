-- Letters to an address. $1 what stands for it, $2 rows.
SELECT delivery
FROM deliveries
WHERE subject = $1
ORDER BY delivery
LIMIT $2;
