import {
  DataSource,
  type EntityManager,
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  QueryRunnerProviderAlreadyReleasedError,
} from 'typeorm';
import { DatabaseUnavailable } from '../errors/index.js';
import type { Actor } from './actor.js';

/** A transaction under way: TypeORM's manager bound to it. */
export type Transaction = EntityManager;

export interface WriteOptions {
  actor: Actor;
  /** UUID of the request that causes the change. */
  requestId?: string;
  /** Why, in the actor's words. */
  reason?: string;
}

/** Transactions that PostgreSQL breaks up are begun anew this often in all. */
const MOST_TRIES = 4;

/** Access to PostgreSQL. Reads go straight through; whatever writes business data says who acts. */
export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** The manager for reads outside a transaction. */
  get manager(): EntityManager {
    return this.dataSource.manager;
  }

  /** Runs one statement and answers its rows. */
  query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.dataSource.query<Row[]>(sql, [...parameters]);
  }

  /**
   * Runs `work` in one transaction whose change rows carry the actor. Where PostgreSQL breaks up two writers that
   * wait for each other, the one it picked begins anew: `work` may run more than once, and only its last run counts.
   * @throws whatever `work` throws, after rolling back
   */
  async write<T>(options: WriteOptions, work: (tx: Transaction) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.dataSource.transaction(async (tx) => {
          await setActor(tx, options);
          return work(tx);
        });
      } catch (error) {
        if (tries === MOST_TRIES || !isEntangled(error)) throw error;
      }
    }
  }
}

async function setActor(tx: Transaction, { actor, requestId, reason }: WriteOptions): Promise<void> {
  const value = JSON.stringify({ type: actor.type, id: actor.id, requestId, reason });
  await tx.query(`SELECT set_config('gatehouse.actor', $1, true)`, [value]);
}

/** Whether a transaction was broken up because others stood in its way (serialization failure, deadlock). */
export function isEntangled(error: unknown): boolean {
  return /^40(001|P01)$/.test(sqlState(error) ?? '');
}

/** The SQLSTATE of a database error (e.g. `23505`), or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof source !== 'object' || source === null || !('code' in source)) return undefined;
  // EPIPE is of the same form, and comes from the socket
  if (typeof source.code !== 'string' || NETWORK_ERRORS.has(source.code)) return undefined;
  return /^[0-9A-Z]{5}$/.test(source.code) ? source.code : undefined;
}

/** The constraint that a database error names, if any. */
export function violatedConstraint(error: unknown): string | undefined {
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof source !== 'object' || source === null || !('constraint' in source)) return undefined;
  return typeof source.constraint === 'string' ? source.constraint : undefined;
}

const NETWORK_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
]);

/**
 * Whether an error says that the database does not answer, rather than that it refused: a lost or refused
 * connection, a shutdown (SQLSTATE classes 08, 53, 57P), or the pool's own time-out.
 */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  const state = sqlState(error);
  if (state) return /^(08|53|57P)/.test(state);
  // TypeORM gives a lost connection back at once; what the transaction asks of it next fails so, unsent.
  if (
    error instanceof QueryRunnerAlreadyReleasedError ||
    error instanceof QueryRunnerProviderAlreadyReleasedError
  ) {
    return true;
  }
  const source: unknown = error instanceof QueryFailedError ? error.driverError : error;
  if (typeof source !== 'object' || source === null) return false;
  if ('code' in source && typeof source.code === 'string' && NETWORK_ERRORS.has(source.code)) return true;
  const message = 'message' in source && typeof source.message === 'string' ? source.message : '';
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/.test(
    message,
  );
}

/** The time by the gate's clock, the database's: what is compared with it must not depend on the process. */
export async function databaseClock(tx: Transaction): Promise<Date> {
  const [row] = await tx.query<{ now: Date }[]>('SELECT gate_clock() AS now');
  if (!row) throw new Error('The database did not tell the time.');
  return row.now;
}
