-- Panels, those last changed first. $1 also private ones (0 or 1), $2 rows, $3 rows before.
SELECT panel, phase, public, size, changed_at, name
FROM panels
WHERE public = 1 OR $1 = 1
ORDER BY changed_at DESC, panel
LIMIT $2 OFFSET $3;
