/**
 * The server with its other promise broken on purpose: the log's commits do not wait for the disk. Only the control
 * of the kill run starts it, to show that the run would notice.
 */
import type { QueryArrayConfig } from 'pg';
import { start } from '../../src/boot/start.js';
import { LaneConnection } from '../../src/platform/database/index.js';

const query: unknown = Reflect.get(LaneConnection.prototype, 'query');

LaneConnection.prototype.query = async function (this: LaneConnection, statement: QueryArrayConfig) {
  if (typeof query !== 'function') throw new Error('A lane has no statement to break.');
  const run = (each: QueryArrayConfig) =>
    Reflect.apply(query, this, [each]) as ReturnType<LaneConnection['query']>;
  if (statement.name === 'append') await run({ text: 'SET synchronous_commit = off', rowMode: 'array' });
  return run(statement);
};

await start();
