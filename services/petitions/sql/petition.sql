-- One petition. $1 its id.
SELECT p.petition, p.version, p.position, p.state, p.listed, p.answer, p.hearing, p.policy, p.policy_version, p.register, p.dialogue, p.title, p.body, p.background, p.url_key, i.public_name, i.party, p.submitted_at, p.decided_position, p.opens_at, p.opened_at, p.deadline, p.closes_at, p.closed_at, p.signatures, p.against, p.count_position, p.answer_at, p.debate_at, p.answer_due_at, p.debate_due_at, p.area, p.committee, p.topics
FROM petitions AS p LEFT JOIN initiators AS i ON i.petition = p.petition
WHERE p.petition = $1;
