-- Memberships that nobody can confirm or answer any more. $1 now, $2 rows.
SELECT item, panel, position
FROM members
WHERE standing IN ('submitted', 'invited', 'drawn', 'declined') AND due_at > 0 AND due_at <= $1
ORDER BY due_at
LIMIT $2;
