-- What stands written of a petition's hearing. $1 the petition.
SELECT number, title, link
FROM hearing_documents
WHERE petition = $1
ORDER BY number;
