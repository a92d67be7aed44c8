-- The ten confirmed last; names are opened from name_position. $1 petition.
SELECT item, method, position, signed_at, name_position, key_ref, area
FROM signatures
WHERE petition = $1 AND counted = 1
ORDER BY position DESC
LIMIT 10;
