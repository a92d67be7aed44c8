-- What waits for officials, oldest first. $1 state, $2 rows, $3 rows before.
SELECT i.inquiry, i.kind, i.state, i.register, i.received_at, i.review_by, i.due, i.due_at, i.title, i.words, a.public_name, i.politician, s.name, s.party
FROM inquiries AS i
LEFT JOIN askers AS a ON a.inquiry = i.inquiry
LEFT JOIN assignments AS s ON s.inquiry = i.inquiry AND s.politician = i.politician
WHERE i.state = $1
ORDER BY i.received_at ASC, i.inquiry ASC
LIMIT $2 OFFSET $3;
