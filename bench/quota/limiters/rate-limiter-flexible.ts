import type pg from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { HOUR_SECONDS, LIMIT } from '../subjects.js';
import type { Limiter } from './limiter.js';

/** RateLimiterPostgres, as its documentation sets it up; its table is made by itself. */
export async function rateLimiterFlexible(pool: pg.Pool): Promise<Limiter> {
  const ready = Promise.withResolvers<void>();
  const limiter = new RateLimiterPostgres(
    { storeClient: pool, tableName: 'bench_flexible', points: LIMIT, duration: HOUR_SECONDS },
    (error) => (error ? ready.reject(error) : ready.resolve()),
  );
  await ready.promise;
  return {
    name: 'rate-limiter-flexible',
    admit: async (subject) => {
      await limiter.consume(`subject-${subject}`);
    },
    close: () => pool.end(),
  };
}
