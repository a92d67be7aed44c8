-- How many are answered in public. $1 kind.
SELECT COUNT(*) AS total
FROM inquiries
WHERE kind = $1 AND listed = 1;
