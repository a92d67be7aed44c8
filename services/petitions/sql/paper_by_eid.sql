-- Lines on paper of somebody's personal number, those that count first. $1 tag, $2 petition.
SELECT item, position
FROM persons
WHERE eid = $1 AND petition = $2 AND method = 'paper'
ORDER BY counted DESC, position;
