-- How many counted lines on paper could be compared with other methods, from kept counts. $1 petition.
SELECT value AS compared, rows AS total
FROM signature_compared
WHERE petition = $1
ORDER BY value;
