import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.js';
import { startGuarded, type GuardedProcess } from './guarded-process.js';
import type { Layout } from './layout.js';
import { readPostmaster } from './postmaster.js';
import { lastLogLines, prepareLog } from './server-log.js';
import type { ServerUser } from './server-user.js';
import { socketDirectory } from './socket-directory.js';

/** A server that accepts connections. */
export interface RunningServer {
  guarded: GuardedProcess;
  pid: number;
  socketDir: string;
  port: number;
}

export interface ServerStart {
  layout: Layout;
  /** Path of the server program. */
  postgres: string;
  settings: Record<string, string>;
  user: ServerUser | undefined;
  /** When to give up, in milliseconds since the epoch. */
  deadline: number;
}

/** The complaint of a new server while a session of one that was killed is still busy. */
const SESSIONS_LEFT = 'pre-existing shared memory block';

/**
 * Starts the server and waits until it accepts connections.
 * Takes a database that is claimed and not running. Throws EmbeddedPostgresError with the last lines of the log when it
 * ends before that, or is not there by the deadline; it is stopped then.
 */
export async function startServer(start: ServerStart): Promise<RunningServer> {
  const { layout, user, deadline } = start;
  for (;;) {
    const logStart = prepareLog(layout.log, user);
    const server = launch(start);
    const running = await untilReady(server, start);
    if (running) return running;
    server.guarded.end();
    await server.guarded.exited;
    const complaint = lastLogLines(layout.log, 10, logStart);
    if (!complaint.includes(SESSIONS_LEFT) || Date.now() > deadline) {
      throw new EmbeddedPostgresError(
        `PostgreSQL did not start on ${layout.dataDir}. Its last words:\n${complaint}`,
      );
    }
    await pause(100); // those sessions notice that their server is gone as soon as their statement ends
  }
}

interface Launched {
  guarded: GuardedProcess;
  socketDir: string;
}

function launch({ layout, postgres, settings, user }: ServerStart): Launched {
  const socket = socketDirectory(layout.dataDir, user);
  const all: Record<string, string> = {
    port: '5432', // part of the socket's name only
    lc_messages: 'C', // we read what it says
    ...settings,
    listen_addresses: '',
    unix_socket_directories: `"${socket.path.replaceAll('"', '""')}"`, // a list; quoted, a path may contain commas
  };
  const settingArgs = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const guarded = startGuarded([postgres, '-D', layout.dataDir, ...settingArgs], {
    user,
    logFile: layout.log,
    scratchDir: socket.temporary ? socket.path : undefined,
  });
  return { guarded, socketDir: socket.path };
}

/** Undefined when the server has ended or the time is up. */
async function untilReady(launched: Launched, start: ServerStart): Promise<RunningServer | undefined> {
  const { guarded, socketDir } = launched;
  while (!guarded.over && Date.now() <= start.deadline) {
    const postmaster = readPostmaster(start.layout.dataDir);
    if (postmaster?.ready && postmaster.pid === guarded.pid) {
      return { guarded, socketDir, pid: postmaster.pid, port: postmaster.port };
    }
    await pause(5);
  }
  return undefined;
}
