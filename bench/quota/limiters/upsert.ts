import type pg from 'pg';
import { LIMIT } from '../subjects.js';
import type { Limiter } from './limiter.js';

const TABLE = `
CREATE TABLE IF NOT EXISTS bench_upsert (
  subject uuid NOT NULL,
  hour timestamptz NOT NULL,
  used integer NOT NULL,
  PRIMARY KEY (subject, hour)
) WITH (fillfactor = 50)`;

const UPSERT = `
INSERT INTO bench_upsert AS u (subject, hour, used) VALUES ($1, date_trunc('hour', now(), 'UTC'), 1)
ON CONFLICT (subject, hour) DO UPDATE SET used = u.used + 1 WHERE u.used < $2
RETURNING used`;

/** One upsert for each request: exact too, of one window, and of nothing but the count. */
export async function upsert(
  name: string,
  pool: pg.Pool,
  subjects: readonly { quotaSubject: string }[],
): Promise<Limiter> {
  await pool.query(TABLE);
  return {
    name,
    admit: async (subject) => {
      const values = [subjects[subject]?.quotaSubject, LIMIT];
      const { rowCount } = await pool.query({ name: 'upsert', text: UPSERT, values });
      if (rowCount !== 1) throw new Error(`${name}: refused`);
    },
    close: () => pool.end(),
  };
}
