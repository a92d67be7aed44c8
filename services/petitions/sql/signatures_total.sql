-- How many rows the pages have (an initiator who counts has none). $1 petition.
SELECT COUNT(*) AS total
FROM signatures
WHERE petition = $1 AND counted = 1;
