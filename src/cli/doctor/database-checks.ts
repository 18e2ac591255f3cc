import type { DataSource } from 'typeorm';
import { countSecrets } from '../../keys/index.js';
import type { MasterSecrets } from '../../platform/crypto/index.js';
import { migrationState } from '../../platform/database/index.js';
import { fail, type Finding, ok, warn } from './finding.js';

const OLDEST_POSTGRES = 15;
const SKEW_WARN_MS = 1_000;
const SKEW_FAIL_MS = 60_000;

/** Whether PostgreSQL is new enough. */
export async function postgresVersion(database: DataSource): Promise<Finding> {
  const [row] = await database.query<{ number: number; words: string }[]>(
    `SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS words`,
  );
  const { number = 0, words = 'unknown' } = row ?? {};
  if (number >= OLDEST_POSTGRES * 10_000) return ok(`PostgreSQL ${words}`);
  return fail(`PostgreSQL ${words} is too old`, `Move the data to PostgreSQL ${OLDEST_POSTGRES} or newer.`);
}

/** Whether the schema is this program's. */
export async function migrationsApplied(database: DataSource): Promise<Finding> {
  const { pending, unknown } = await migrationState(database);
  if (pending.length > 0) {
    return fail(
      `migrations are missing: ${pending.join(', ')}`,
      'Run "gatehouse migrate", or start the server.',
    );
  }
  if (unknown.length > 0) {
    return warn(
      `a newer version has migrated further: ${unknown.join(', ')}`,
      'Bring this program to that version.',
    );
  }
  return ok('all migrations are applied');
}

/** Whether the two clocks agree: rows are stamped by one, windows and expiry told by the other. */
export async function clockSkew(database: DataSource): Promise<Finding> {
  const before = Date.now();
  const [row] = await database.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
  const after = Date.now();
  const skew = (row?.now.getTime() ?? 0) - (before + after) / 2;
  // Half the round trip is what cannot be known.
  const certain = Math.max(0, Math.abs(skew) - (after - before) / 2);
  const remedy = 'Let both machines follow the same time server (NTP).';
  const words = `the database’s clock is ${Math.round(Math.abs(skew))} ms ${skew < 0 ? 'behind' : 'ahead of'} this machine’s`;
  if (certain > SKEW_FAIL_MS) return fail(words, remedy);
  if (certain > SKEW_WARN_MS) return warn(words, remedy);
  return ok(words);
}

/** Whether every token that should work can: its digest was made under a master secret that is configured. */
export async function masterSecret(database: DataSource, secrets: MasterSecrets): Promise<Finding> {
  const counts = await countSecrets(database, secrets);
  const sum = (fits: (id: string) => boolean, of: 'working' | 'workingWaiting' = 'working') =>
    counts.filter(({ masterId }) => fits(masterId)).reduce((total, row) => total + row[of], 0);
  const all = sum(() => true);
  const others = sum((id) => !secrets.ids.includes(id));
  const isPrevious = (id: string) => id !== secrets.currentId && secrets.ids.includes(id);
  const previous = sum(isPrevious);
  if (others > 0) {
    return fail(
      `${others} of ${all} working secrets were made under a master secret that is not configured: their tokens are refused`,
      'Set GATEHOUSE_SECRET, or GATEHOUSE_SECRET_PREVIOUS, to the one they were made under; if it is lost, rotate their keys.',
    );
  }
  if (previous > 0) {
    const waiting = sum(isPrevious, 'workingWaiting');
    const ofWhich = waiting === 0 ? '' : `; ${waiting} of them cannot be renewed before they are used again`;
    return warn(
      `${previous} working secrets were made under the previous master secret${ofWhich}`,
      'Keep GATEHOUSE_SECRET_PREVIOUS; run "gatehouse secrets rehash", then look at "gatehouse secrets report".',
    );
  }
  const spare =
    secrets.ids.length === 1 ? '' : '; see "gatehouse secrets report" whether the previous can go';
  return ok(`all ${all} working secrets were made under the current master secret${spare}`);
}
