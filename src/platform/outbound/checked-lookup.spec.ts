import { describe, expect, it } from '@jest/globals';
import { checkedLookup } from './checked-lookup.js';

const looked = (addresses: readonly string[], allowPrivate = false) =>
  new Promise((resolve) => {
    checkedLookup(allowPrivate, () => Promise.resolve([...addresses]))(
      's3.example.com',
      { all: true },
      (error, found) => resolve(error ? error.message : found),
    );
  });

describe('a checked lookup', () => {
  it('answers every address of a name whose addresses are public', async () => {
    expect(await looked(['93.184.215.14', '2606:2800:21f::1'])).toEqual([
      { address: '93.184.215.14', family: 4 },
      { address: '2606:2800:21f::1', family: 6 },
    ]);
  });

  it('answers none where one of them is not', async () => {
    expect(await looked(['93.184.215.14', '10.0.0.1'])).toBe('The address is not a public one.');
    expect(await looked(['169.254.169.254'])).toBe('The address is not a public one.');
    expect(await looked([])).toBe('The name of the host has no address.');
  });

  it('answers private ones where that is allowed', async () => {
    expect(await looked(['10.0.0.1'], true)).toEqual([{ address: '10.0.0.1', family: 4 }]);
  });
});
