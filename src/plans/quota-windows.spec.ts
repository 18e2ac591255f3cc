import { describe, expect, it } from '@jest/globals';
import { NO_LIMIT } from '../tenants/index.js';
import { type AdmissionRow, quotaStateOf } from './admission-row.js';
import { type QuotaFigures, quotaReturnsAt, quotaWindows, tightestWindow } from './quota-windows.js';

const at = (text: string) => Date.parse(text);
const NOON = at('2026-03-01T12:34:56.789Z');
const NOTHING: QuotaFigures = { hourLimit: null, hourUsed: 0, dayLimit: null, dayUsed: 0 };
const stateOf = (figures: Partial<QuotaFigures>, moment = NOON) => ({
  at: moment,
  windows: quotaWindows(moment, { ...NOTHING, ...figures }),
});

describe('the windows that bind', () => {
  it('are those with a limit; no limit is none, however it is stored', () => {
    expect(quotaWindows(NOON, NOTHING)).toEqual([]);
    expect(quotaWindows(NOON, { ...NOTHING, hourLimit: NO_LIMIT, dayLimit: NO_LIMIT, hourUsed: 5 })).toEqual(
      [],
    );
    expect(quotaWindows(NOON, { hourLimit: 100, hourUsed: 7, dayLimit: 30, dayUsed: 30 })).toEqual([
      { name: 'hour', limit: 100, used: 7, seconds: 3_600, resetsAt: at('2026-03-01T13:00:00Z') },
      { name: 'day', limit: 30, used: 30, seconds: 86_400, resetsAt: at('2026-03-02T00:00:00Z') },
    ]);
  });

  it.each([
    ['2026-03-01T00:00:00.000Z', '2026-03-01T01:00:00Z', '2026-03-02T00:00:00Z'],
    ['2026-03-01T23:59:59.999Z', '2026-03-02T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['2028-02-28T13:00:00.000Z', '2028-02-28T14:00:00Z', '2028-02-29T00:00:00Z'],
    ['2026-12-31T22:59:59.999Z', '2026-12-31T23:00:00Z', '2027-01-01T00:00:00Z'],
  ])('reset on the hour and at midnight UTC: at %s, at %s and %s', (moment, hour, day) => {
    const windows = quotaWindows(at(moment), { ...NOTHING, hourLimit: 1, dayLimit: 1 });
    expect(windows.map(({ resetsAt }) => resetsAt)).toEqual([at(hour), at(day)]);
  });

  it('never count more than their limit: it may have been lowered', () => {
    expect(stateOf({ dayLimit: 30, dayUsed: 31 }).windows[0]?.used).toBe(30);
  });
});

describe('a row of the admission', () => {
  it('becomes every window, with what was admitted since', () => {
    const row: AdmissionRow = [
      ...['aa', '2026-03-01', NOON, null, null],
      ...[0, 100, 10, 30, 20, null, 0, 50, 7],
    ] as AdmissionRow;
    expect(quotaStateOf(row, NOON, 2, 1)).toEqual({
      at: NOON,
      windows: [
        ...stateOf({ hourLimit: 100, hourUsed: 12, dayLimit: 30, dayUsed: 22 }).windows,
        { name: 'key-day', limit: 50, used: 8, seconds: 86_400, resetsAt: at('2026-03-02T00:00:00Z') },
      ],
    });
  });
});

describe('the tightest window', () => {
  it.each([
    ['the one with the least left', { hourLimit: 100, hourUsed: 90, dayLimit: 30, dayUsed: 0 }, 'hour'],
    ['not the one with the lowest limit', { hourLimit: 10, hourUsed: 0, dayLimit: 100, dayUsed: 95 }, 'day'],
    ['of equals the longer', { hourLimit: 10, hourUsed: 0, dayLimit: 100, dayUsed: 90 }, 'day'],
    ['the only one', { hourLimit: 10, hourUsed: 0 }, 'hour'],
  ])('is %s', (_, figures, name) => {
    expect(tightestWindow(stateOf(figures))?.name).toBe(name);
  });

  it('is, of equals, never the key’s hour where the subject’s day has nothing left', () => {
    const exhausted = { ...NOTHING, dayLimit: 1, dayUsed: 1 };
    const windows = quotaWindows(NOON, exhausted, { ...NOTHING, hourLimit: 1, hourUsed: 1 });
    expect(tightestWindow({ at: NOON, windows })?.name).toBe('day');
  });

  it('is none where nothing binds', () => {
    expect(tightestWindow(stateOf({}))).toBeUndefined();
  });
});

describe('an exhausted quota', () => {
  it('returns when every exhausted window has been renewed', () => {
    const hour = { hourLimit: 5, hourUsed: 5 };
    expect(quotaReturnsAt(stateOf(hour))).toBe(at('2026-03-01T13:00:00Z'));
    expect(quotaReturnsAt(stateOf({ ...hour, dayLimit: 30, dayUsed: 30 }))).toBe(at('2026-03-02T00:00:00Z'));
    expect(quotaReturnsAt(stateOf({ ...hour, dayLimit: 30, dayUsed: 29 }))).toBe(at('2026-03-01T13:00:00Z'));
  });

  it('that is not exhausted is back already', () => {
    expect(quotaReturnsAt(stateOf({ hourLimit: 5, hourUsed: 4 }))).toBe(NOON);
  });
});
