import type { TestApp } from './test-app.js';

/** Sets the gate's clock, the database's, by which every process goes, to a moment in Unix seconds; it stands still there. */
export async function setGateClock(app: Pick<TestApp, 'sql'>, seconds: number): Promise<void> {
  await tellTime(app, `to_timestamp(${seconds})`);
}

/** Lets the gate's clock go again. */
export async function releaseGateClock(app: Pick<TestApp, 'sql'>): Promise<void> {
  await tellTime(app, 'clock_timestamp()');
}

async function tellTime(app: Pick<TestApp, 'sql'>, time: string): Promise<void> {
  await app.sql(
    `CREATE OR REPLACE FUNCTION gate_clock() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT ${time}'`,
  );
}
