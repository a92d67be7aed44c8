-- What the initiator replied to committees, in order. $1 the petition.
SELECT part, reply, replied_at
FROM answer_replies
WHERE petition = $1
ORDER BY position;
