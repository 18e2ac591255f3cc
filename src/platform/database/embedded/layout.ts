import path from 'node:path';

/** The files that belong to one data directory. */
export interface Layout {
  dataDir: string;
  /** Directory that names the process which holds the data. */
  owner: string;
  /** Output of initdb and of the server, appended to. */
  log: string;
  /** Password of the database's superuser, mode 0600. */
  password: string;
  /** Prefix of the directories in which a new database is made before it is moved into place. */
  draftPrefix: string;
  /** Default place for a copy of the binaries. */
  stage: string;
}

/** Takes a data directory, absolute or not; promises absolute paths. Touches nothing. */
export function layoutOf(dataDir: string): Layout {
  const absolute = path.resolve(dataDir);
  return {
    dataDir: absolute,
    owner: `${absolute}.owner`,
    log: `${absolute}.log`,
    password: `${absolute}.password`,
    draftPrefix: `${absolute}.init-`,
    stage: path.join(path.dirname(absolute), 'pgbin'),
  };
}
