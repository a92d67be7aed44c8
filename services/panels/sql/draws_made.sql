-- Draws that are to be carried out. $1 rows.
SELECT draw, panel
FROM draws
WHERE standing = 'made'
LIMIT $1;
