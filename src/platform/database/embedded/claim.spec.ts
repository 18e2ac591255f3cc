import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { claimDataDir, holderOf } from './claim.js';
import { ownIdentity } from './process-identity.js';
import { makeScratch } from './testing/scratch.js';

const scratch = makeScratch();
const owner = path.join(scratch, 'postgres.owner');
const claim = () => claimDataDir(owner, '/the/data', undefined);

function leaveClaim(content: string): void {
  fs.mkdirSync(owner);
  fs.writeFileSync(path.join(owner, 'left-behind'), content);
}

afterAll(() => fs.rmSync(scratch, { recursive: true }));
beforeEach(() => fs.rmSync(owner, { recursive: true, force: true }));

describe('the claim on a data directory', () => {
  it('is had by one, and the next is told who has it', () => {
    claim();
    expect(claim).toThrow(`The database in /the/data is in use by process ${process.pid}.`);
    expect(holderOf(owner)?.pid).toBe(process.pid);
  });

  it('can be had again after it was released, and leaves nothing', () => {
    claim().release();
    expect(holderOf(owner)).toBeUndefined();
    expect(fs.readdirSync(scratch)).toEqual([]);
    claim().release();
  });

  it('is void when its process is dead', () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    leaveClaim(JSON.stringify({ pid, started: 'once' }));
    expect(holderOf(owner)).toBeUndefined();
    claim();
    expect(holderOf(owner)).toEqual(ownIdentity());
  });

  it('is void when another process got the number of its dead process', () => {
    leaveClaim(JSON.stringify({ ...ownIdentity(), started: 'before' }));
    claim();
    expect(holderOf(owner)).toEqual(ownIdentity());
  });

  it('is void when it cannot be read', () => {
    leaveClaim('{');
    claim();
    expect(holderOf(owner)).toEqual(ownIdentity());
  });

  it('does not touch one that was made after the released one', () => {
    const first = claim();
    first.release();
    claim();
    first.release();
    expect(holderOf(owner)).toEqual(ownIdentity());
  });
});
