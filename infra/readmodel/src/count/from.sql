SELECT block, origin, first_position, first_recorded_at, count_before, changes, n FROM count_block
WHERE aggregate = $1 AND block >= $2 ORDER BY block LIMIT 256
