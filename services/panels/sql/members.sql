-- Memberships of a panel in a standing, or in any if it is ''. $1 the panel, $2 the standing, $3 behind this position, $4 rows.
SELECT item, position, standing
FROM members
WHERE panel = $1 AND (standing = $2 OR $2 = '') AND position > $3
ORDER BY position
LIMIT $4;
