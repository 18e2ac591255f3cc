import { usableBinaries } from './binaries.js';
import { claimDataDir, type Claim } from './claim.js';
import { ensureDatabase } from './database.js';
import { prepareParent } from './directories.js';
import { EmbeddedPostgresError, errorMessage } from './errors.js';
import { layoutOf, type Layout } from './layout.js';
import { SUPERUSER } from './password.js';
import { stopOrphan } from './postmaster.js';
import { startServer } from './server.js';
import { prepareLog } from './server-log.js';
import { chooseServerUser, type ServerUser } from './server-user.js';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from './types.js';

const DEFAULT_TIMEOUT_MS = 60_000;

/**
 * Starts PostgreSQL on a data directory, which is made when there is none, and waits until it accepts connections.
 *
 * Promises that one process at a time has the data; that the server is reached through a unix socket alone; that it
 * runs as an unprivileged user; and that it stops by itself when this process ends, however it ends. It does not keep
 * this process from ending.
 *
 * Throws EmbeddedPostgresError when the data is in use, of another major version or out of reach, when there are no
 * binaries for this machine, or when the server does not start; nothing is left running then.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options.dataDir);
  let claim: Claim | undefined;
  try {
    const user = chooseServerUser(layout.dataDir, options.runAs);
    prepareParent(layout.dataDir, user);
    claim = claimDataDir(layout.owner, layout.dataDir, user);
    return await startClaimed(layout, options, user, claim);
  } catch (error) {
    claim?.release();
    if (error instanceof EmbeddedPostgresError) throw error;
    const message = `The embedded PostgreSQL cannot be started on ${layout.dataDir}: ${errorMessage(error)}`;
    throw new EmbeddedPostgresError(message, { cause: error });
  }
}

async function startClaimed(
  layout: Layout,
  options: EmbeddedPostgresOptions,
  user: ServerUser | undefined,
  claim: Claim,
): Promise<EmbeddedPostgres> {
  const deadline = Date.now() + (options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const binaries = await usableBinaries(options.stageDir ?? layout.stage, user);
  await stopOrphan(layout.dataDir, deadline);
  prepareLog(layout.log, user);
  const password = await ensureDatabase(layout, binaries, options.initdbArgs ?? [], user);
  const settings = options.settings ?? {};
  const server = await startServer({ layout, postgres: binaries.postgres, settings, user, deadline });

  server.guarded.letGo();
  const exited = server.guarded.exited.then((code) => {
    claim.release();
    return code;
  });
  return {
    host: server.socketDir,
    port: server.port,
    user: SUPERUSER,
    password,
    pid: server.pid,
    logFile: layout.log,
    exited,
    async stop() {
      server.guarded.end();
      await exited;
    },
  };
}
