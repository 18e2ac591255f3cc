import type { TestApp } from '../support/test-app.js';

/** Sets the gate's clock, the database's, to a moment in Unix seconds; it stands still there. */
export async function setGateClock(app: TestApp, seconds: number): Promise<void> {
  await app.sql(
    `CREATE OR REPLACE FUNCTION gate_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
     AS 'SELECT to_timestamp(${seconds})'`,
  );
}
