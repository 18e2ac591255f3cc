import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scrub } from './scrub.js';

const BASE62 = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'];
const random = 'aB3'.repeat(16) + 'z';
const token = `gate_live_${random}`;
const session = 'aB-3_'.repeat(8) + 'xyz';

const percent = (character: string) => `%${character.charCodeAt(0).toString(16)}`;

describe('scrub', () => {
  it.each([
    ['a token alone', token, '…'],
    ['a test token of another brand', `acme9_test_${random}`, '…'],
    ['a token in a sentence', `key ${token} was refused`, 'key … was refused'],
    ['a token in a query', `/x?key=${token}&page=2`, '/x?key=…&page=2'],
    ['a token after an escaped slash', `/go?to=%2F${token}`, '/go?to=%2F…'],
    ['encoded underscores', `gate%5Flive%5f${random}`, '…'],
    ['twice encoded underscores', `gate%255Flive%255F${random}`, '…'],
    ['an encoded letter here and there', `g%61te_l%69ve_%41${random}%42`, '…'],
    ['a token that lost its brand', `live_${random}`, '…'],
    ['a token that was cut off', token.slice(0, 30), '…'],
    ['a token in capitals', token.toUpperCase(), '…'],
    ['two tokens', `${token},${token}`, '…,…'],
    ['an Authorization header', 'Authorization: Bearer abc.def', 'Authorization: Bearer …'],
    ['another scheme', 'authorization: Basic dXNlcjpwdw==', 'authorization: Basic …'],
    ['a bearer value alone', 'sent "bearer abc.def" twice', 'sent "bearer …" twice'],
    ['a bearer value in a query', 'h=Bearer%20abc.def&x=1', 'h=Bearer%20…'],
    ['headers as JSON', '{"authorization":"Bearer abc","x":"y"}', '{"authorization":"Bearer …","x":"y"}'],
    ['raw headers', '["Authorization","Bearer abc"]', '["Authorization","Bearer …"]'],
    [
      'JSON inside JSON',
      String.raw`{\"authorization\":\"Bearer abc\"}`,
      String.raw`{\"authorization\":\"Bearer …\"}`,
    ],
    ['a CSRF token', 'x-csrf-token: abc', 'x-csrf-token: …'],
    ['a session cookie', `a=1; gatehouse_session_3000=${session}; b=2`, 'a=1; gatehouse_session_3000=…; b=2'],
    ['a host session cookie', `__Host-gatehouse_session=${session}`, '__Host-gatehouse_session=…'],
    ['a password in an address', 'postgres://me:s3cret@host:5432/db', 'postgres://me:…@host:5432/db'],
    ['the token of a link in a query', `token=${session}&name=Ada`, 'token=…&name=Ada'],
    ['the same in a whole link', `http://gate/invitation#token=${session}`, 'http://gate/invitation#token=…'],
    [
      'a password in a query',
      'email=a@b.co&password=river%20walk&totp=123456',
      'email=a@b.co&password=…&totp=…',
    ],
    ['both passwords', '?currentPassword=one&newPassword%3Dtwo', '?currentPassword=…&newPassword%3D…'],
  ])('hides %s', (_what, text, expected) => {
    expect(scrub(text)).toBe(expected);
  });

  it.each([
    'GET /api/v1/stores/store_01h455vb4pex5vsknk084sn02q/keys?page=2&limit=20',
    'the preview gate_live_AbCd…wXyZ',
    'GET /api/v1/token-format?page=2&search=password',
    'a test_database and a live_view',
    'http://localhost:3000/path@home',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  ])('leaves alone: %s', (text) => {
    expect(scrub(text)).toBe(text);
  });

  it('finds every token, whatever stands around it and however it is encoded', () => {
    const secret = fc.string({ unit: fc.constantFrom(...BASE62), minLength: 49, maxLength: 49 });
    const brand = fc.stringMatching(/^[a-z][a-z0-9]{1,11}$/);
    const around = fc.string().filter((text) => !/[0-9a-z%]$/i.test(text));
    fc.assert(
      fc.property(
        fc.tuple(around, fc.string(), brand, fc.constantFrom('live', 'test'), secret),
        fc.infiniteStream(fc.boolean()),
        ([before, after, brandName, environment, random], encode) => {
          const whole = [...`${brandName}_${environment}_${random}`]
            .map((character) => (encode.next().value ? percent(character) : character))
            .join('');
          const scrubbed = scrub(`${before}${whole} ${after}`);
          expect(decodeAll(scrubbed)).not.toContain(random.slice(0, 20));
          expect(decodeAll(scrubbed)).not.toContain(random.slice(-20));
        },
      ),
    );
  });

  it('keeps JSON readable, and finds nothing a second time', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom(token, 'Bearer ', 'authorization: ', 'gatehouse_session_1=', '://a:', '%5f'),
    );
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.dictionary(text, text), (fields) => {
        const line = scrub(JSON.stringify(fields));
        expect(() => JSON.parse(line) as unknown).not.toThrow();
        expect(scrub(line)).toBe(line);
      }),
    );
  });

  it('stays quick on hostile text', () => {
    const started = performance.now();
    for (const piece of ['live_', '%25', 'a', 'Bearer ', 'authorization:', '://', 'gate_', '%5f'])
      scrub(piece.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

function decodeAll(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
