import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { canEnter } from './directories.js';
import { isRoot, unprivilegedUser } from './server-user.js';

const STATE_DIR = '/var/lib/gatehouse';

/**
 * Where the data really goes. Root in a checkout under a directory that is closed to others (/root, mode 0700) cannot
 * keep it there, because PostgreSQL runs as an unprivileged user: then it is a directory of `stateDir` whose name
 * depends on the requested path alone. Everyone else gets what was requested.
 * Takes a directory, absolute or relative to the working directory. Promises an absolute path, the same one as long as
 * there is data in it, even if modes change meanwhile; makes nothing.
 * Throws EmbeddedPostgresError when root finds no unprivileged user.
 */
export function resolveDataDir(requested: string, stateDir = STATE_DIR): string {
  const absolute = path.resolve(requested);
  if (!isRoot() || holdsData(absolute)) return absolute;
  const moved = path.join(stateDir, stableName(absolute));
  if (holdsData(moved)) return moved;
  // The directory itself may not exist yet: what counts is whether one can get as far as its parent.
  return canEnter(unprivilegedUser(), path.dirname(absolute)) ? absolute : moved;
}

/** `/root/shop/.gatehouse` becomes `shop-<hash of the whole path>`: readable, and no two paths share one. */
function stableName(absolute: string): string {
  const readable = path.basename(path.dirname(absolute)).replace(/[^A-Za-z0-9_-]/g, '');
  const hash = createHash('sha256').update(absolute).digest('hex').slice(0, 10);
  return `${readable || 'data'}-${hash}`;
}

/** Whether a directory is PostgreSQL's data directory, or has one directly below. */
function holdsData(dir: string): boolean {
  const names = fs.existsSync(dir) ? fs.readdirSync(dir) : [];
  return (
    names.includes('PG_VERSION') || names.some((name) => fs.existsSync(path.join(dir, name, 'PG_VERSION')))
  );
}
