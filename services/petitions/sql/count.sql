-- The count and what it is measured by. $1 petition.
SELECT version, state, signatures, against, count_position, answer_at, debate_at, answer_due_at, debate_due_at
FROM petitions
WHERE petition = $1;
