-- The public answers of an inquiry, newest first. $1 its id.
SELECT at, answer
FROM inquiry_answers
WHERE inquiry = $1
ORDER BY position DESC;
