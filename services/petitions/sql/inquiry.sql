-- One inquiry. $1 its id.
SELECT i.inquiry, i.kind, i.state, i.listed, i.register, i.received_at, i.due, i.answered_at, i.title, i.words, i.answer, a.public_name, i.politician, s.name, s.party
FROM inquiries AS i
LEFT JOIN askers AS a ON a.inquiry = i.inquiry
LEFT JOIN assignments AS s ON s.inquiry = i.inquiry AND s.politician = i.politician
WHERE i.inquiry = $1;
