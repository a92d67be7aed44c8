-- Inquiries, from one on. $1 inquiry, $2 rows.
SELECT inquiry
FROM inquiries
WHERE inquiry > $1
ORDER BY inquiry
LIMIT $2;
