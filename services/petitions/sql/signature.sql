-- One signature. $1 petition, $2 item.
SELECT state, counted, item, method, position, signed_at, name_position, key_ref, area
FROM signatures
WHERE petition = $1 AND item = $2;
