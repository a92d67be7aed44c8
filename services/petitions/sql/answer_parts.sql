-- What committees have of a petition, in order. $1 the petition.
SELECT petition, part, state, committee, package, case_number, reason, question, signatures, sent_at, overdue_at, overdue, received_at, answer_by, reply_by, reply_missing, reopened
FROM answer_parts
WHERE petition = $1
ORDER BY part;
