import { afterAll, describe, expect, it } from '@jest/globals';
import fs from 'node:fs';
import path from 'node:path';
import { explainFailure, usableBinaries } from './binaries.js';
import { locatePackage, restoreSymlinks } from './package.js';
import { chooseServerUser } from './server-user.js';
import { socketDirectory } from './socket-directory.js';
import { makeScratch } from './testing/scratch.js';

const scratch = makeScratch();
afterAll(() => fs.rmSync(scratch, { recursive: true }));

describe('the binaries', () => {
  it.each([
    ['win32', 'x64'],
    ['linux', 'riscv64'],
    ['freebsd', 'x64'],
  ])('ask for DATABASE_URL on %s-%s', (platform, arch) => {
    expect(() => locatePackage(platform, arch)).toThrow(
      new RegExp(`no embedded PostgreSQL for ${platform}-${arch} .*Set DATABASE_URL`),
    );
  });

  // Said of binaries that do not run, so that a system with both C libraries keeps working.
  if (process.platform === 'linux') {
    it('ask for DATABASE_URL where the C library is not glibc', () => {
      expect(explainFailure('/pg', 'spawn ENOENT', undefined)).toMatch(
        /needs glibc.*Alpine.*Set DATABASE_URL/,
      );
    });
  }

  it('say why they do not run', () => {
    expect(explainFailure('/pg', 'not an ELF file', '2.36')).toMatch(/in \/pg does not run: not an ELF file/);
  });

  it('are PostgreSQL 18', async () => {
    const user = chooseServerUser(path.join(scratch, 'postgres'));
    expect(await usableBinaries(path.join(scratch, 'pgbin'), user)).toMatchObject({ major: '18' });
  });

  it('get the links between their libraries, those that are missing only', () => {
    const lib = path.join(scratch, 'native', 'lib');
    fs.mkdirSync(lib, { recursive: true });
    const links = ['libpq.so', 'libpq.so.5'].map((name) => ({
      source: 'native/lib/libpq.so.5.18',
      target: `native/lib/${name}`,
    }));
    fs.writeFileSync(path.join(scratch, 'native', 'pg-symlinks.json'), JSON.stringify(links));
    fs.symlinkSync('elsewhere', path.join(lib, 'libpq.so'));
    restoreSymlinks(scratch);
    restoreSymlinks(scratch);
    expect(fs.readlinkSync(path.join(lib, 'libpq.so'))).toBe('elsewhere');
    expect(fs.readlinkSync(path.join(lib, 'libpq.so.5'))).toBe('libpq.so.5.18');
  });
});

describe('the directory of the socket', () => {
  it('is the data directory while its path is short enough', () => {
    expect(socketDirectory(scratch, undefined)).toEqual({ path: scratch, temporary: false });
  });

  it('is a closed temporary one otherwise, counted in bytes', () => {
    const socket = socketDirectory(`/${'é'.repeat(50)}`, undefined);
    expect(socket.temporary).toBe(true);
    expect(fs.statSync(socket.path).mode & 0o777).toBe(0o700);
    fs.rmdirSync(socket.path);
  });
});
