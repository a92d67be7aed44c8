-- Counted signatures of a window. $1 petition, $2 its beginning in milliseconds.
SELECT COUNT(*) AS total
FROM signatures
WHERE petition = $1 AND counted = 1 AND signed_at >= $2;
