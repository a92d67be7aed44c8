-- How many meetings a panel has. $1 the panel.
SELECT COUNT(*) AS total
FROM meetings
WHERE panel = $1;
