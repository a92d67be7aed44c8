-- Mailings, the newest first. $1 rows, $2 rows before.
SELECT mailing, state, revision, changed_at, subject, letters
FROM mailings
ORDER BY changed_at DESC, mailing
LIMIT $1 OFFSET $2;
