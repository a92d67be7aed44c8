-- How many signatures are set aside.
SELECT count(*) AS total
FROM signatures
WHERE state = 'suspected';
