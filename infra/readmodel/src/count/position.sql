SELECT block, origin, first_position, first_recorded_at, count_before, changes, n FROM count_block
WHERE aggregate = $1 AND first_position <= $2 ORDER BY first_position DESC, block DESC LIMIT 1
