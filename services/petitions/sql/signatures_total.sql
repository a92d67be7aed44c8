-- How many rows the pages have (an initiator who counts has none), by method, from kept counts. $1 petition.
SELECT value AS method, rows AS total
FROM signature_methods
WHERE petition = $1
ORDER BY value;
