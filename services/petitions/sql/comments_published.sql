-- How many comments everybody sees. $1 petition.
SELECT COUNT(*) AS total
FROM comments
WHERE petition = $1 AND shown = 1;
