-- Bulk invalidations, newest first. $1 rows, $2 rows before.
SELECT bulk, state, matched, struck, restored, skipped, prepared_at, started_at, ended_at
FROM bulks
ORDER BY prepared_at DESC, bulk
LIMIT $1 OFFSET $2;
