-- Mailings that go out. $1 rows.
SELECT mailing, revision
FROM mailings
WHERE state = 'running'
ORDER BY changed_at, mailing
LIMIT $1;
