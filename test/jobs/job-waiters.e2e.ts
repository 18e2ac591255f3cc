import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { JobWaiters } from '../../src/jobs/job-waiters.js';
import { Database } from '../../src/platform/database/index.js';
import { LOGGER, type Logger } from '../../src/platform/logging/index.js';
import { newUuid } from '../../src/platform/ids/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A database that says when a look has begun, and answers it when it may. */
class HeldDatabase extends Database {
  readonly begun = Promise.withResolvers<void>();
  readonly mayEnd = Promise.withResolvers<void>();

  override async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.begun.resolve();
    const rows = await super.query<Row>(sql, parameters);
    await this.mayEnd.promise;
    return rows;
  }
}

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('a look that was under way before is no news of a job that is waited for since', async () => {
  const database = new HeldDatabase(app.app.get(Database).dataSource);
  const waiters = new JobWaiters(database, app.app.get<Logger>(LOGGER));
  const gone: string[] = [];
  const never = new AbortController().signal;
  const wait = (name: string) =>
    waiters.untilFinished(newUuid(), 60_000, never).then(() => void gone.push(name));
  const first = wait('first');
  await database.begun.promise;
  const second = wait('second');
  database.mayEnd.resolve();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect(gone).toEqual(['first']);
  // the next look asks for it, too
  await second;
  expect(gone).toEqual(['first', 'second']);
});
