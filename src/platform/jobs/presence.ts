import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** Any number: the space of advisory locks by which workers show that they live. */
const LOCK_SPACE = 1_246_710_387;
const RECONNECT_MS = 2_000;
const GRACE_SECONDS = 30;

/**
 * Shows that a worker lives: an advisory lock under its id, which PostgreSQL drops by itself when the process or
 * its connection ends, however that happens. A connection that is lost is made anew.
 */
export class Presence {
  private readonly leaving = new AbortController();
  private readonly shown = Promise.withResolvers<void>();
  private readonly done: Promise<void>;

  /** @param workerId the name under which the worker locks its jobs */
  constructor(
    private readonly config: pg.ClientConfig,
    private readonly workerId: string,
  ) {
    this.done = this.show();
  }

  /** Resolves when the lock is held for the first time. */
  get announced(): Promise<void> {
    return this.shown.promise;
  }

  async withdraw(): Promise<void> {
    this.leaving.abort();
    await this.done;
  }

  private async show(): Promise<void> {
    const { signal } = this.leaving;
    const left = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    while (!signal.aborted) {
      const client = new pg.Client(this.config);
      const lost = new Promise((resolve) => client.once('end', resolve).on('error', resolve));
      try {
        await client.connect();
        await client.query('SELECT pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, this.workerId]);
        this.shown.resolve();
        await Promise.race([left, lost]);
      } catch {
        // The worker tells of the same outage.
      } finally {
        await client.end().catch(() => undefined);
      }
      await pause(RECONNECT_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * Gives back the jobs of workers that are gone: they would stay locked for hours otherwise.
 * Takes the owner's connection; answers the ids of those workers.
 * @param graceSeconds how old a lock must be, and how long the database must have been up: a worker takes its
 *   first job a moment before it is present, and all of them are absent for a few seconds after a restart
 */
export async function reclaimJobs(
  database: Pick<pg.Pool, 'query'>,
  graceSeconds = GRACE_SECONDS,
): Promise<string[]> {
  const { rows } = await database.query<{ worker: string }>(GONE, [LOCK_SPACE, graceSeconds]);
  const workers = rows.map(({ worker }) => worker);
  if (workers.length > 0) await unlockJobs(database, workers);
  return workers;
}

/** Makes what these workers had taken free for others. Takes the owner's connection. */
export async function unlockJobs(
  database: Pick<pg.Pool, 'query'>,
  workers: readonly string[],
): Promise<void> {
  await database.query('SELECT graphile_worker.force_unlock_workers($1)', [workers]);
}

const GONE = `
SELECT DISTINCT locked_by AS worker
FROM graphile_worker.jobs
WHERE locked_at < now() - make_interval(secs => $2)
  AND pg_postmaster_start_time() < now() - make_interval(secs => $2)
  AND hashtext(locked_by)::bigint & 4294967295 NOT IN (
    SELECT objid::bigint
    FROM pg_locks
    WHERE locktype = 'advisory' AND classid::bigint = $1 AND objsubid = 2
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )
`;
