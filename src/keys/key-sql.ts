/** A key is due for rotation this long after its last secret. */
const ROTATION_DUE_DAYS = 90;

/** What a key (`k`) is by the database clock. */
export const KEY_STATUS_SQL = `CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= gate_clock() THEN 'expired' ELSE 'active' END`;

/** Whether a key (`k`) works and its newest secret is old. */
export const ROTATION_DUE_SQL = `(${KEY_STATUS_SQL} = 'active' AND NOT EXISTS (
  SELECT FROM key_secrets s WHERE s.key_id = k.id
    AND s.created_at >= (SELECT gate_clock()) - make_interval(days => ${ROTATION_DUE_DAYS})))`;

/**
 * Whether a key (`k`) was not used since a moment, given as SQL. Whoever is new, or has a new secret, since then has
 * had no time to be idle.
 */
export const unusedSinceSql = (moment: string): string => `(k.created_at < ${moment}
  AND NOT EXISTS (SELECT FROM key_secrets s WHERE s.key_id = k.id AND s.created_at >= ${moment})
  AND NOT EXISTS (SELECT FROM key_activity a WHERE a.key_id = k.id AND a.last_used_at >= ${moment}))`;

/** Some days ago by the database clock, as SQL. @param days SQL too */
export const daysAgoSql = (days: string): string =>
  `((SELECT gate_clock()) - make_interval(days => ${days}))`;
