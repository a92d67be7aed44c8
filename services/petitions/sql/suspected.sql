-- Signatures set aside, longest first. $1 rows, $2 rows before.
SELECT petition, item, method, position, signed_at, name_position, reason_position
FROM signatures
WHERE state = 'suspected'
ORDER BY position
LIMIT $1 OFFSET $2;
