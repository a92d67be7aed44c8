-- The count and what of it came by which method, as of one moment; an initiator who counts has no method. $1 petition.
SELECT p.signatures AS signatures, p.against AS against, p.count_position AS count_position, m.value AS method, m.rows AS total
FROM petitions AS p
LEFT JOIN signature_methods AS m ON m.petition = p.petition
WHERE p.petition = $1
ORDER BY m.value;
