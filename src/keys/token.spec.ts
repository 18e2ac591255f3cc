import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checksumOf, isWellFormedToken, newToken, previewOf, tokenPattern, tokenPrefixes } from './token.js';

const PRINTABLE = Array.from({ length: 94 }, (_, index) => String.fromCharCode(33 + index));
const SECRET_LENGTH = 49;
const secretOf = (token: string) => token.slice(-SECRET_LENGTH);

describe('a new token', () => {
  it.each([
    ['gate', 'live'],
    ['gate', 'test'],
    ['acme42', 'live'],
  ] as const)('of %s/%s has the published form', (brand, environment) => {
    const token = newToken(brand, environment);
    expect(token).toMatch(new RegExp(`^${brand}_${environment}_[0-9A-Za-z]{43}[0-9A-Za-z]{6}$`));
    expect(isWellFormedToken(token)).toBe(true);
  });

  it('draws every character of base62, at every random place, and never the same token twice', () => {
    const tokens = Array.from({ length: 1_000 }, () => newToken('gate', 'live'));
    expect(new Set(tokens).size).toBe(tokens.length);
    for (let place = 0; place < 43; place += 1) {
      const drawn = new Set(tokens.map((token) => secretOf(token)[place]));
      // Of 62 characters a thousand draws leave one out in one of 100,000 cases; five, never.
      expect(drawn.size).toBeGreaterThan(57);
    }
    expect(new Set(tokens.map((token) => secretOf(token).slice(0, 43)).join('')).size).toBe(62);
  });

  it('ends in its CRC-32, in base62', () => {
    // CRC-32 of "gate_live_" and 43 zeros, worked out by another program
    const body = `gate_live_${'0'.repeat(43)}`;
    expect(isWellFormedToken(`${body}39fa2I`)).toBe(true);
    expect(isWellFormedToken(`${body}39fa2J`)).toBe(false);
  });
});

describe('the checksum of a token', () => {
  const place = fc.nat();
  const character = fc.constantFrom(...PRINTABLE);

  it('catches any single changed character', () => {
    fc.assert(
      fc.property(place, character, (at, other) => {
        const token = newToken('gate', 'live');
        const index = at % token.length;
        fc.pre(token[index] !== other);
        expect(isWellFormedToken(token.slice(0, index) + other + token.slice(index + 1))).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it('catches a character lost, one too many, and two that changed places', () => {
    fc.assert(
      fc.property(place, character, (at, other) => {
        const token = newToken('gate', 'test');
        const index = at % (token.length - 1);
        const [here = '', next = ''] = token.slice(index, index + 2);
        expect(isWellFormedToken(token.slice(0, index) + token.slice(index + 1))).toBe(false);
        expect(isWellFormedToken(token.slice(0, index) + other + token.slice(index))).toBe(false);
        fc.pre(here !== next);
        expect(isWellFormedToken(token.slice(0, index) + next + here + token.slice(index + 2))).toBe(false);
      }),
    );
  });

  it.each(['', 'gate', 'gate_live_', 'Bearer x', 'gate_prod_', '\u0000'.repeat(59), 'g'.repeat(100_000)])(
    'refuses what is no token at all (%#)',
    (text) => {
      expect(isWellFormedToken(text)).toBe(false);
    },
  );

  it('refuses a token with a line break after it', () => {
    expect(isWellFormedToken(`${newToken('gate', 'live')}\n`)).toBe(false);
  });
});

describe('the preview of a token', () => {
  it('tells brand and environment, and no more than eight characters of the secret', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('gate', 'acme42', 'ab'),
        fc.constantFrom('live', 'test'),
        (brand, environment) => {
          const token = newToken(brand, environment);
          const [first, last] = [secretOf(token).slice(0, 4), secretOf(token).slice(-4)];
          expect(previewOf(token)).toBe(`${brand}_${environment}_${first}…${last}`);
        },
      ),
    );
  });
});

describe('the pattern for secret scanners', () => {
  it('finds a token inside other text, and only that brand’s', () => {
    const token = newToken('gate', 'test');
    const pattern = new RegExp(tokenPattern('gate'), 'g');
    expect(`curl -H "Authorization: Bearer ${token}", then`.match(pattern)).toEqual([token]);
    expect(newToken('acme', 'test').match(pattern)).toBeNull();
    expect(`${token}x`.match(pattern)).toBeNull();
  });
});

describe('the checksum that is published', () => {
  // docs/guides/leaks.md has the same
  it.each([
    ['', '000000'],
    ['a', '4GEHKN'],
    ['123456789', '3jZRME'],
    [`gate_live_${'0'.repeat(43)}`, '39fa2I'],
    [`gate_test_${'Z'.repeat(43)}`, '0kjN2Z'],
  ])('of "%s" is %s', (text, checksum) => {
    expect(checksumOf(text)).toBe(checksum);
    if (text.length === 53) expect(isWellFormedToken(text + checksum)).toBe(true);
  });

  it('belongs to what tokens begin with', () => {
    expect(tokenPrefixes('acme')).toEqual(['acme_live_', 'acme_test_']);
    expect(newToken('acme', 'test').startsWith('acme_test_')).toBe(true);
  });
});
