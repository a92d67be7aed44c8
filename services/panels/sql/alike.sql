-- People of a panel who are alike in all that is counted. $1 the panel.
SELECT standing, category0, category1, category2, category3, category4, category5, category6, category7, COUNT(*) AS people
FROM members
WHERE panel = $1 AND standing IN ('invited', 'declined', 'volunteered', 'drawn', 'reserved', 'active')
GROUP BY standing, category0, category1, category2, category3, category4, category5, category6, category7;
