import { describe, expect, it } from '@jest/globals';
import { encodeRows } from './log-columns.js';
import type { LogRow } from './log-row.js';

const row = (values: Partial<LogRow>): LogRow => ({ path: '', key_name: null, ...values }) as LogRow;
const column = (rows: LogRow[], index: number) => encodeRows(rows)[index];

describe('encodeRows', () => {
  it('quotes what a text may hold', () => {
    const names = ['plain', 'a "quote"', 'a \\ stroke', '{a,b}', 'NULL', ''];
    const array = column(
      names.map((key_name) => row({ key_name })),
      5,
    );
    expect(array).toBe('{"plain","a \\"quote\\"","a \\\\ stroke","{a,b}","NULL",""}');
  });

  it('writes what is absent as NULL, and numbers and flags bare', () => {
    const rows = [row({ status: 200, replayed: false }), row({ status: 404, replayed: true })];
    expect(column(rows, 19)).toBe('{200,404}');
    expect(column(rows, 30)).toBe('{false,true}');
    expect(column(rows, 5)).toBe('{NULL,NULL}');
  });
});
