-- For officials: petitions with an answer due, or a part that isn't answered, overdue receipts first. $1 rows, $2 rows before.
SELECT p.petition, p.register, p.title, p.answer, p.answer_due_at, p.signatures, a.part, a.state, a.committee, a.case_number, a.reason, a.sent_at, a.overdue_at, a.overdue, a.answer_by, a.reply_by, a.reply_missing, w.state AS withdrawal
FROM petitions AS p LEFT JOIN answer_parts AS a ON a.petition = p.petition AND a.state IN ('handed_over', 'refused', 'in_process', 'awaiting_initiator') LEFT JOIN withdrawals AS w ON w.petition = p.petition
WHERE p.answer IN ('due', 'handed_over', 'in_process', 'awaiting_initiator') AND (a.part IS NOT NULL OR p.answer = 'due')
ORDER BY COALESCE(a.overdue, 0) DESC, COALESCE(p.answer_due_at, a.sent_at, 0), p.petition, a.part
LIMIT $1 OFFSET $2;
