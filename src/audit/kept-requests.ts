/**
 * What there is of requests: the log's own rows, and those that a hold kept when their day was dropped. No row is in
 * both. PostgreSQL takes the two apart again: partitions are left out and indexes are used as of the log alone.
 */
export const KEPT_REQUESTS = '(SELECT * FROM request_log UNION ALL SELECT * FROM held_requests) AS kept';
