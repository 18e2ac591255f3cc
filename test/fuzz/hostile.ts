import fc from 'fast-check';

/** Texts that no field may choke on: NUL, half surrogates, controls, names that mean something to JavaScript or SQL. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '',
    '\u0000',
    'a\u0000b',
    '\ud800',
    'x\udfffy',
    '\u202e\ufeff',
    '__proto__',
    'constructor',
    "'; DROP TABLE keys; --",
    '${7*7}{{7*7}}',
    '%00%ff%',
    '../../etc/passwd',
    '🙂'.repeat(400),
    'a'.repeat(9_000),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);

/** Values of every kind of JSON, and some that only look like one of ours. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    -0,
    2 ** 53,
    [],
    {},
    [[]],
    [null],
    { a: {} },
    nested(40),
    nested(3_000),
  ),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Objects and lists inside each other. */
export function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let i = 0; i < depth; i++) value = i % 2 ? { next: value } : [value];
  return value;
}

/** Names for fields and parameters: known ones, near misses, and what JavaScript keeps for itself. */
export const nameAmong = (known: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...known, 'unknown') },
    { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty') },
    { weight: 1, arbitrary: hostileText },
  );

/** JSON with `__proto__` kept as a name of its own, and half surrogates written as escapes. */
export function jsonText(entries: readonly (readonly [string, unknown])[]): string {
  const text = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',');
  return `{${text}}`;
}

/** Bodies that are not a JSON object at all, with the way they are declared. */
export const brokenBody: fc.Arbitrary<{ body: string | Buffer; headers: Record<string, string> }> = fc.record(
  {
    body: fc.oneof(
      fc.constantFrom<string | Buffer>(
        '{',
        '{"name":',
        '[]',
        'null',
        '"text"',
        '17',
        '{"name":"a"}{"name":"b"}',
        "{'name':'a'}",
        '{"name":"\u0001"}',
        '\ufeff{}',
        `${'['.repeat(20_000)}`,
        Buffer.from([0xff, 0xfe, 0x00]),
        Buffer.from('{"name":"\xff\xfe"}', 'latin1'),
        Buffer.alloc(0),
      ),
      fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    ),
    headers: fc.constantFrom<Record<string, string>>(
      {},
      { 'Content-Type': 'text/plain' },
      { 'Content-Type': 'application/json; charset=utf-16' },
      { 'Content-Type': 'application/json; charset=none-such' },
      { 'Content-Type': 'multipart/form-data; boundary=x' },
      { 'Content-Type': ';;;' },
      { 'Content-Type': 'application/x-www-form-urlencoded' },
      { 'Content-Encoding': 'gzip' },
      { 'Content-Encoding': 'br' },
      { 'Content-Encoding': 'none-such' },
      { 'Content-Length': '0' },
    ),
  },
);

/** A percent-encoding that is well-formed, or not at all. */
export const pathPiece: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    '%',
    '%zz',
    '%00',
    '%ff',
    '%c0%af',
    '%ed%a0%80',
    '..',
    '.',
    '%2e%2e',
    '%2f',
    'cmp_%00',
    '__proto__',
    '*',
    ';a=b',
  ),
  hostileText
    .map((text) => encodeURIComponent(text.toWellFormed()).slice(0, 300))
    .filter((text) => text !== ''),
);

/** Values for headers that are read: whatever HTTP lets through. */
export const headerValue: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '*', '"', 'W/', '"a", "b"', ',,,', '\x80\xff', '-1', '%00', 'null', 'a'.repeat(3_000)),
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 60,
  }),
);
