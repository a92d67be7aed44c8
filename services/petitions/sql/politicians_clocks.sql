-- Every clock of every politician, with what stopped it; one that somebody else took over has no answer.
SELECT s.politician, s.assigned_at, s.due_at, s.name, s.party, i.state, i.answered_at, i.politician AS whose
FROM assignments AS s JOIN inquiries AS i ON i.inquiry = s.inquiry
ORDER BY s.politician, s.assigned_at, s.inquiry;
