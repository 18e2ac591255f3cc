import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allowlistProblem } from './ip-allowlist.js';

const NO_ADDRESS = 'must be an address or a network, e.g. 10.0.0.0/8';

describe('an entry of an allow-list', () => {
  it.each([
    '10.0.0.1',
    '10.0.0.0/8',
    '0.0.0.0/0',
    '192.0.2.7/32',
    '2001:db8::1',
    '2001:db8::/32',
    '::/0',
    '::1/128',
    '::ffff:10.0.0.0/104',
  ])('may be %s', (entry) => {
    expect(allowlistProblem(entry)).toBeUndefined();
  });

  it.each([
    ['', NO_ADDRESS],
    ['/8', NO_ADDRESS],
    ['example.org', NO_ADDRESS],
    ['10.0.0', NO_ADDRESS],
    ['10.0.0.256', NO_ADDRESS],
    ['010.0.0.1', NO_ADDRESS],
    [' 10.0.0.1', NO_ADDRESS],
    ['10.0.0.0/8/8', NO_ADDRESS],
    ['fe80::1%eth0', NO_ADDRESS],
    ['[::1]', NO_ADDRESS],
    ['10.0.0.0-10.0.0.9', NO_ADDRESS],
    ['10.0.0.0/', 'must have a prefix from 0 to 32'],
    ['10.0.0.0/33', 'must have a prefix from 0 to 32'],
    ['10.0.0.0/-1', 'must have a prefix from 0 to 32'],
    ['10.0.0.0/8.5', 'must have a prefix from 0 to 32'],
    ['10.0.0.0/255.0.0.0', 'must have a prefix from 0 to 32'],
    ['10.0.0.0/ 8', 'must have a prefix from 0 to 32'],
    ['2001:db8::/129', 'must have a prefix from 0 to 128'],
  ])('may not be %j', (entry, problem) => {
    expect(allowlistProblem(entry)).toBe(problem);
  });

  it('may be any address with any prefix of its family', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.nat(64), (address, prefix) => {
        expect(allowlistProblem(`${address}/${prefix}`) === undefined).toBe(prefix <= 32);
      }),
    );
    fc.assert(
      fc.property(fc.ipV6(), fc.nat(256), (address, prefix) => {
        expect(allowlistProblem(`${address}/${prefix}`) === undefined).toBe(prefix <= 128);
      }),
    );
  });
});
