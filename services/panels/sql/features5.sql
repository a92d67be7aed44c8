-- How many of a panel stand where, by the place of their feature ('' if it isn't known). $1 the panel.
SELECT standing, value, rows
FROM features5
WHERE panel = $1;
