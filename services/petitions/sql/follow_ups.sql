-- What came of a petition, in order. $1 the petition.
SELECT number, on_date, text, told_at
FROM follow_ups
WHERE petition = $1
ORDER BY number;
