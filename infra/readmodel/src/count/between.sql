SELECT block, origin, first_position, first_recorded_at, count_before, changes, n FROM count_block
WHERE aggregate = $1 AND first_recorded_at < $3
  AND block >= (SELECT COALESCE(MAX(block), 0) FROM count_block WHERE aggregate = $1 AND first_recorded_at < $2)
ORDER BY block
