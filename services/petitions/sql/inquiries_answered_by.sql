-- What a politician was asked and is answered in public, newest answers first. $1 politician, $2 rows, $3 rows before.
SELECT i.inquiry, i.kind, i.state, i.register, i.received_at, i.due, i.answered_at, i.title, i.words, i.answer, a.public_name, i.politician, s.name, s.party
FROM inquiries AS i
LEFT JOIN askers AS a ON a.inquiry = i.inquiry
LEFT JOIN assignments AS s ON s.inquiry = i.inquiry AND s.politician = i.politician
WHERE i.politician = $1 AND i.listed = 1
ORDER BY i.answered_at DESC, i.inquiry DESC
LIMIT $2 OFFSET $3;
