-- Bulk invalidations that have something to do.
SELECT bulk
FROM bulks
WHERE state IN ('running', 'cancelling', 'undoing')
ORDER BY started_at, bulk;
