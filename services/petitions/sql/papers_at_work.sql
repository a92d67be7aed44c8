-- Batches of lists that the service has something to do for.
SELECT petition, batch
FROM papers
WHERE work = 1
ORDER BY petition, batch;
