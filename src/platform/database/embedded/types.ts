/** How to reach a server: `host` is the directory of its unix socket, as `pg` and libpq take it. */
export interface EmbeddedPostgresConnection {
  host: string;
  port: number;
  user: string;
  password: string;
}

/** A running server, and the only handle by which it is stopped. */
export interface EmbeddedPostgres extends EmbeddedPostgresConnection {
  /** Process id of the postmaster. */
  pid: number;
  logFile: string;
  /**
   * Settles when the server has ended, asked for or not, with its exit code (128 + n after signal n, null when the
   * process that guards it was killed). Never rejects.
   */
  exited: Promise<number | null>;
  /** Ends all sessions, writes a checkpoint and stops. May be called more than once. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** The data directory, made on the first start; `<dataDir>.log`, `.password` and `.owner` lie beside it. */
  dataDir: string;
  /** Where a copy of the binaries goes when the installed ones cannot be used; by default `pgbin` beside the data. */
  stageDir?: string;
  /** Server settings, over the launcher's own; the unix socket stays the only way in. */
  settings?: Record<string, string>;
  /** Further arguments for initdb, after the launcher's own, so that they win. */
  initdbArgs?: string[];
  /** As root: the system user that makes new data, instead of the one the launcher would choose. */
  runAs?: string;
  /** How long the server may take until it accepts connections; recovery after a crash counts. Default 60 s. */
  timeoutMs?: number;
}
