-- When the next is due.
SELECT MIN(due_at) AS due_at
FROM timers;
