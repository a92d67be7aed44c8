-- How many letters that were planned on a day stand where. $1 the first day, $2 the last, in days since 1970.
SELECT day, value, rows
FROM delivery_states
WHERE day >= $1 AND day <= $2
ORDER BY day, value;
