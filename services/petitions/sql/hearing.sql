-- A petition's hearing. $1 the petition.
SELECT starts_at, place, link, recording, why
FROM hearings
WHERE petition = $1;
