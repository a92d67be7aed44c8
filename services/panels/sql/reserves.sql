-- Panels that have somebody in line.
SELECT panel
FROM standings
WHERE value = 'reserved' AND rows > 0;
