-- Signatures by area; the empty one is unknown. $1 petition.
SELECT value AS area, rows AS signatures
FROM signature_areas
WHERE petition = $1
ORDER BY rows DESC, value;
