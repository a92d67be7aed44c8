-- How many of a panel stand where. $1 the panel.
SELECT value, rows
FROM standings
WHERE panel = $1;
