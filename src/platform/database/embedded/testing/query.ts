import pg from 'pg';
import type { EmbeddedPostgresConnection } from '../index.js';

/** Runs one statement over a connection of its own; returns its rows. */
export async function query<Row extends pg.QueryResultRow>(
  { host, port, user, password }: EmbeddedPostgresConnection,
  statement: string,
): Promise<Row[]> {
  const client = new pg.Client({ host, port, user, password, database: 'postgres' });
  client.on('error', () => undefined); // a server that is killed under it
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
