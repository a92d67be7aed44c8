-- The last request to have a petition back. $1 the petition.
SELECT state, reason, ground, requested_at, decided_at
FROM withdrawals
WHERE petition = $1;
