-- Petitions that a pause or an early closing of everything concerns.
SELECT petition
FROM petitions
WHERE state IN ('submitted', 'gathering_supporters', 'in_review', 'returned', 'approved', 'open', 'paused')
ORDER BY petition;
