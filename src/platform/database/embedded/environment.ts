// The launcher hands an environment to the processes it starts and must know who called sudo. Neither is
// configuration of the application, so this one file reads it here and not through platform/config.
import { env } from 'node:process';
import type { ServerUser } from './server-user.js';

/** What PostgreSQL may need of ours. A list, so that the application's secrets never reach its process. */
const INHERITED = ['PATH', 'TZ', 'TMPDIR', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH'];

/** The environment for initdb and the server: few inherited variables, and messages in plain English. */
export function serverEnvironment(): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(inherited), LC_ALL: 'C' };
}

/** Who ran sudo to become root; undefined without sudo, or where root itself did. */
export function sudoCaller(): ServerUser | undefined {
  const uid = Number(env.SUDO_UID);
  const gid = Number(env.SUDO_GID);
  return uid > 0 && gid >= 0 ? { uid, gid } : undefined;
}
