-- Lists of volunteers that aren't taken in yet. $1 rows.
SELECT import, panel
FROM imports
WHERE standing = 'complete' AND kind = 'volunteers'
LIMIT $1;
