import { holderOf } from './claim.js';
import { layoutOf } from './layout.js';
import { readPassword, SUPERUSER } from './password.js';
import { isServerOf, readPostmaster } from './postmaster.js';
import type { EmbeddedPostgresConnection } from './types.js';

/**
 * The connection to a server that a live process runs on a data directory, so that a command can join it instead of
 * starting its own.
 * Takes the data directory. Returns undefined when nobody runs one there, it does not accept connections yet, or this
 * user may not read its files. Never throws.
 */
export function runningEmbeddedPostgres(dataDir: string): EmbeddedPostgresConnection | undefined {
  try {
    const layout = layoutOf(dataDir);
    if (!holderOf(layout.owner)) return undefined;
    const postmaster = readPostmaster(layout.dataDir);
    if (!postmaster?.ready || !isServerOf(layout.dataDir, postmaster.pid)) return undefined;
    const password = readPassword(layout.password);
    if (password === undefined) return undefined;
    return { host: postmaster.socketDir, port: postmaster.port, user: SUPERUSER, password };
  } catch {
    return undefined;
  }
}
