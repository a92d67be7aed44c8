-- Counted signatures by mailbox between two positions, in order. $1 the petition, $2 after, $3 up to, $4 rows.
SELECT item, position
FROM signatures
WHERE petition = $1 AND counted = 1 AND position > $2 AND position <= $3 AND method = 'mailbox'
ORDER BY position
LIMIT $4;
