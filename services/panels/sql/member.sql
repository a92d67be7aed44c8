-- A membership: whose panel, and where its first event stands. $1 its item.
SELECT panel, position
FROM members
WHERE item = $1;
