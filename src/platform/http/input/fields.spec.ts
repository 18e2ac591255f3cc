import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../errors/index.js';
import { toPublicId } from '../../ids/index.js';
import { fieldsOf } from './field.js';
import {
  EnumField,
  EnumMapField,
  FlagField,
  IdField,
  IntegerField,
  ObjectField,
  ObjectListField,
  partialOf,
  readInput,
  TextField,
  TextListField,
  TimestampField,
} from './index.js';

const COLOURS = ['red', 'green'] as const;
const UUID = '01890a5d-ac96-774b-bcce-b302099a8057';

class Part {
  @TextField({ max: 10, description: 'Its name.' }) name!: string;
  @IntegerField({ min: 0, max: 9, default: 3, description: 'How many.' }) count!: number;
}

class Everything {
  @TextField({ max: 5, optional: true, description: 'A line.' }) line?: string;
  @TextField({ min: 0, max: 5, multiline: true, optional: true, description: 'Lines.' }) lines?: string;
  @TextField({
    min: 2,
    max: 2,
    pattern: /^[A-Z]+$/,
    patternReason: 'must be capitals',
    optional: true,
    description: 'Two.',
  })
  code?: string;
  @EnumField({ values: COLOURS, optional: true, nullable: true, description: 'A colour.' })
  colour?: (typeof COLOURS)[number] | null;
  @IntegerField({ min: -5, max: 100, optional: true, description: 'A number.' }) number?: number;
  @FlagField({ optional: true, description: 'Yes or no.' }) flag?: boolean;
  @TimestampField({ optional: true, description: 'A moment.' }) at?: Date;
  @TimestampField({ day: 'last', optional: true, description: 'A moment or a day.' }) until?: Date;
  @IdField('campaign', { optional: true, description: 'A campaign.' }) campaignId?: string;
  @TextListField({ maxItems: 2, unique: true, item: { max: 3 }, optional: true, description: 'Words.' })
  words?: string[];
  @EnumMapField({ values: COLOURS, maxEntries: 2, optional: true, description: 'A colour each.' })
  colours?: Record<string, (typeof COLOURS)[number]>;
  @ObjectField(() => Part, { optional: true, nullable: true, description: 'A part.' }) part?: Part | null;
  @ObjectListField(() => Part, { maxItems: 2, optional: true, description: 'Parts.' }) parts?: Part[];
}

class Required {
  @TextField({ max: 5, description: 'A line.' }) line!: string;
  @TextField({ max: 5, nullable: true, default: 'x', description: 'Another.' }) other!: string | null;
}

class Patch extends partialOf(Required) {}

function faults(read: () => unknown): unknown {
  try {
    read();
  } catch (error) {
    if (error instanceof AppError && error.code === 'INVALID_INPUT') return error.details?.errors;
    throw error;
  }
  return [];
}

const body = (value: unknown) => readInput(Everything, value, 'body');
const query = (value: unknown) => readInput(Everything, value, 'query');
const reasons = (field: string, value: unknown, source: 'body' | 'query' = 'body') =>
  faults(() => readInput(Everything, { [field]: value }, source));

/** The pattern that the API document shows for a field. */
const patternOf = (name: string) => String(fieldsOf(Everything.prototype).get(name)?.rule.schema.pattern);

describe('text', () => {
  it('takes a text up to its limit, counted in code points', () => {
    expect(body({ line: 'abcde' })).toEqual({ line: 'abcde' });
    expect(body({ line: '🌱🌱🌱🌱🌱' })).toEqual({ line: '🌱🌱🌱🌱🌱' });
    expect(reasons('line', '🌱🌱🌱🌱🌱🌱')).toEqual([
      { field: 'line', reason: 'must have at most 5 characters' },
    ]);
    expect(reasons('line', '')).toEqual([{ field: 'line', reason: 'must not be empty' }]);
    expect(reasons('code', '🌱')).toEqual([{ field: 'code', reason: 'must have at least 2 characters' }]);
    expect(reasons('code', 'ab')).toEqual([{ field: 'code', reason: 'must be capitals' }]);
  });

  it.each([' ', '   ', '\u00a0', '\u2003\u3000', '\u200b', '\u3164', '\u200d\ufe0f'])(
    'must hold something that can be seen where it must not be empty: not %j',
    (text) => {
      expect(reasons('line', text)).toEqual([{ field: 'line', reason: 'must not be blank' }]);
      expect(reasons('words', [text])).toEqual([{ field: 'words[0]', reason: 'must not be blank' }]);
      expect(body({ lines: text })).toEqual({ lines: text });
    },
  );

  it('is taken with the blanks around it', () => {
    expect(body({ line: ' a ' })).toEqual({ line: ' a ' });
  });

  it('is described as it is read', () => {
    const [line, lines] = ['line', 'lines'].map((name) => new RegExp(patternOf(name)));
    expect(['', ' ', '\u3000', 'a\u0000', ' a ', '🌱'].map((text) => line?.test(text))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
    ]);
    expect(['', ' ', 'a\n', 'a\u0000'].map((text) => lines?.test(text))).toEqual([true, true, true, false]);
  });

  it.each([
    ['NUL', 'a\u0000'],
    ['half a surrogate pair', 'a\ud800'],
    ['the other half', '\udc00'],
    ['a bell', '\u0007'],
    ['a C1 control', '\u0085'],
  ])('refuses %s everywhere', (_, text) => {
    expect(reasons('line', text)).toMatchObject([{ field: 'line' }]);
    expect(reasons('lines', text)).toMatchObject([{ field: 'lines' }]);
    expect(reasons('words', [text])).toMatchObject([{ field: 'words[0]' }]);
    expect(reasons('colours', { [text]: 'red' })).toHaveLength(1);
    expect(reasons('line', text, 'query')).toMatchObject([{ field: 'line' }]);
  });

  it('takes line breaks only where several lines are asked for', () => {
    expect(body({ lines: 'a\n\tb' })).toEqual({ lines: 'a\n\tb' });
    expect(reasons('line', 'a\nb')).toEqual([
      { field: 'line', reason: 'must not contain control characters' },
    ]);
  });

  it.each([[1], [true], [['a']], [{}]])('does not convert %j to text', (value) => {
    expect(reasons('line', value)).toEqual([{ field: 'line', reason: 'must be text' }]);
  });
});

describe('numbers and flags', () => {
  it('takes numbers in a body, and digits in a query', () => {
    expect(body({ number: -5, flag: false })).toEqual({ number: -5, flag: false });
    expect(query({ number: '100', flag: 'true' })).toEqual({ number: 100, flag: true });
    expect(query({ number: '-5', flag: 'false' })).toEqual({ number: -5, flag: false });
  });

  it.each([['5'], [1.5], [101], [-6], [Infinity], [NaN], [true], [[1]], [1e300]])(
    'refuses %p as a number in a body',
    (value) => {
      expect(reasons('number', value)).toEqual([
        { field: 'number', reason: 'must be a whole number from -5 to 100' },
      ]);
    },
  );

  it.each([['1e1'], [''], [' 1'], ['1 '], ['+1'], ['01'], ['0x1'], ['1.0'], ['-0'], ['101'], ['٣'], ['1_0']])(
    'refuses %p as a number in a query',
    (text) => {
      expect(reasons('number', text, 'query')).toEqual([
        { field: 'number', reason: 'must be a whole number from -5 to 100' },
      ]);
    },
  );

  it.each([['1'], ['TRUE'], [''], ['yes']])('refuses %p as a flag in a query', (text) => {
    expect(reasons('flag', text, 'query')).toEqual([{ field: 'flag', reason: 'must be true or false' }]);
  });

  it('refuses a flag as text in a body', () => {
    expect(reasons('flag', 'true')).toEqual([{ field: 'flag', reason: 'must be true or false' }]);
  });

  it('refuses a repeated parameter where one is expected', () => {
    for (const field of ['line', 'colour', 'number', 'flag', 'at', 'campaignId']) {
      expect(reasons(field, ['1', '1'], 'query')).toEqual([{ field, reason: 'must be given once' }]);
    }
  });
});

describe('timestamps', () => {
  it.each([
    ['2026-03-01T09:00:00Z', '2026-03-01T09:00:00.000Z'],
    ['2026-03-01t09:00:00.1234z', '2026-03-01T09:00:00.123Z'],
    ['2026-03-01T00:30:00+02:00', '2026-02-28T22:30:00.000Z'],
    ['2024-02-29T23:59:59.999-00:00', '2024-02-29T23:59:59.999Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(body({ at: text }).at?.toISOString()).toBe(expected);
  });

  it.each([
    ['2026-03-01'],
    ['2026-03-01T09:00:00'],
    ['2026-03-01 09:00:00Z'],
    ['2026-02-29T00:00:00Z'],
    ['2026-13-01T00:00:00Z'],
    ['2026-04-31T00:00:00Z'],
    ['2026-03-01T24:00:00Z'],
    ['2026-03-01T09:00:60Z'],
    ['2026-03-01T09:00:00+24:00'],
    ['0000-12-31T23:59:59Z'],
    ['0001-01-01T00:00:00+01:00'],
    ['9999-12-31T23:59:59-00:01'],
    ['+012026-01-01T00:00:00Z'],
    ['Sun, 01 Mar 2026 09:00:00 GMT'],
    ['1772355600'],
    [''],
    ['2026-03-01T09:00:00Z\n'],
  ])('refuses %p', (text) => {
    expect(reasons('at', text)).toMatchObject([{ field: 'at', reason: expect.stringContaining('RFC 3339') }]);
  });

  it('takes a day where that is allowed, to its last millisecond', () => {
    expect(query({ until: '2026-03-31' }).until?.toISOString()).toBe('2026-03-31T23:59:59.999Z');
    expect(reasons('until', '2026-02-30', 'query')).toMatchObject([{ field: 'until' }]);
  });
});

describe('ids', () => {
  it('becomes the UUID inside', () => {
    expect(body({ campaignId: toPublicId('campaign', UUID) })).toEqual({ campaignId: UUID });
  });

  it.each([[UUID], ['cmp_'], ['cmp_zzzzzzzzzzzzzzzzzzzzzzzzzz'], [toPublicId('store', UUID)]])(
    'refuses %s',
    (text) => {
      expect(reasons('campaignId', text)).toEqual([
        { field: 'campaignId', reason: 'must be the id of a campaign, cmp_…' },
      ]);
    },
  );
});

describe('lists, maps and objects', () => {
  it('names the item that is wrong, and all of them', () => {
    expect(reasons('words', ['abcd', 1])).toEqual([
      { field: 'words[0]', reason: 'must have at most 3 characters' },
      { field: 'words[1]', reason: 'must be text' },
    ]);
    expect(reasons('words', ['a', 'a'])).toEqual([{ field: 'words[1]', reason: 'is there twice' }]);
    expect(reasons('words', ['a', 'b', 'c'])).toEqual([
      { field: 'words', reason: 'must have at most 2 items' },
    ]);
    expect(reasons('words', 'a')).toEqual([{ field: 'words', reason: 'must be a list' }]);
    expect(query({ words: 'a' })).toEqual({ words: ['a'] });
  });

  it('checks the values of a map', () => {
    expect(body({ colours: { sky: 'red' } })).toEqual({ colours: { sky: 'red' } });
    expect(reasons('colours', { sky: 'blue' })).toEqual([
      { field: 'colours.sky', reason: 'must be one of red, green' },
    ]);
    expect(reasons('colours', ['red'])).toEqual([{ field: 'colours', reason: 'must be an object' }]);
  });

  it('names a field of a nested object by its path', () => {
    expect(reasons('parts', [{ name: 'a' }, { name: 1, extra: 2 }])).toEqual([
      { field: 'parts[1].extra', reason: 'is not a known field' },
      { field: 'parts[1].name', reason: 'must be text' },
    ]);
    expect(reasons('part', { count: 10 })).toEqual([
      { field: 'part.name', reason: 'is required' },
      { field: 'part.count', reason: 'must be a whole number from 0 to 9' },
    ]);
  });

  it('makes instances of nested objects, with their defaults', () => {
    const read = body({ part: { name: 'a' }, parts: [{ name: 'b', count: 1 }] });
    expect(read.part).toBeInstanceOf(Part);
    expect(read.part).toEqual({ name: 'a', count: 3 });
    expect(read.parts).toEqual([{ name: 'b', count: 1 }]);
    expect(body({ part: null })).toEqual({ part: null });
  });

  it.each([[1], ['a'], [[]], [true]])('refuses %j where an object is expected', (value) => {
    expect(reasons('part', value)).toEqual([{ field: 'part', reason: 'must be an object' }]);
    expect(reasons('parts', [value])).toEqual([{ field: 'parts[0]', reason: 'must be an object' }]);
  });
});

describe('what is left out, and what is null', () => {
  it('takes the default for what is left out', () => {
    expect(readInput(Required, { line: 'a' }, 'body')).toEqual({ line: 'a', other: 'x' });
    expect(readInput(Required, { line: 'a', other: null }, 'body')).toEqual({ line: 'a', other: null });
  });

  it('tells missing from null', () => {
    expect(faults(() => readInput(Required, {}, 'body'))).toEqual([{ field: 'line', reason: 'is required' }]);
    expect(faults(() => readInput(Required, { line: null }, 'body'))).toEqual([
      { field: 'line', reason: 'must not be null' },
    ]);
  });

  it('puts nothing in place of what a patch leaves out, and checks what it has', () => {
    expect(Object.keys(readInput(Patch, {}, 'body'))).toEqual([]);
    expect(readInput(Patch, { other: null }, 'body')).toEqual({ other: null });
    expect(faults(() => readInput(Patch, { line: null }, 'body'))).toEqual([
      { field: 'line', reason: 'must not be null' },
    ]);
    expect(faults(() => readInput(Patch, { line: 'too long' }, 'body'))).toHaveLength(1);
    expect(faults(() => readInput(Patch, { unknown: 1 }, 'body'))).toHaveLength(1);
  });
});
