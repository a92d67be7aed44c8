-- Every version of every answer to a petition, in order. $1 the petition.
SELECT a.part, a.version, a.outcome, a.text, a.link, a.given_at, p.committee, p.case_number
FROM answers AS a LEFT JOIN answer_parts AS p ON p.petition = a.petition AND p.part = a.part
WHERE a.petition = $1
ORDER BY a.part, a.version;
