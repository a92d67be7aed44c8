SELECT block, origin, first_position, first_recorded_at, count_before, changes, n FROM count_block
WHERE aggregate = $1 AND first_recorded_at <= $2 ORDER BY first_recorded_at DESC, block DESC LIMIT 1
