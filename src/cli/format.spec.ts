import { describe, expect, it } from '@jest/globals';
import { facts, table, when } from './format.js';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000);

describe('when', () => {
  it.each([
    [0, 'now'],
    [-1, '1 second ago'],
    [90, 'in 2 minutes'],
    [-7_200, '2 hours ago'],
    [30 * 86_400, 'in 30 days'],
    [365 * 86_400, 'in 12 months'],
    [-800 * 86_400, '2 years ago'],
  ])('tells %d seconds from now as "%s", with the moment itself', (seconds, words) => {
    const moment = later(seconds);
    expect(when(moment.toISOString(), NOW)).toBe(`${words} (${moment.toISOString()})`);
  });
});

describe('table', () => {
  it('aligns columns by characters, and leaves nothing behind the last one', () => {
    expect(
      table(
        ['ID', 'NAME', 'X'],
        [
          ['1', 'Grün 🌲', ''],
          ['22', 'b', 'y'],
        ],
      ),
    ).toBe(['ID  NAME    X', '1   Grün 🌲', '22  b       y'].join('\n'));
  });
});

describe('facts', () => {
  it('aligns values behind their names', () => {
    expect(
      facts([
        ['Id', 'a'],
        ['Longer', 'b'],
      ]),
    ).toBe('  Id      a\n  Longer  b');
  });
});
