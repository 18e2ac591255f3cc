import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors/index.js';
import { assertMatches, etagOf } from './etag.js';

const tag = etagOf({ id: 1, name: 'a' });

function matches(ifMatch: string | undefined): boolean {
  try {
    assertMatches(ifMatch, tag);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.status === 412) return false;
    throw error;
  }
}

describe('etagOf', () => {
  it('is a strong tag of what the representation says, in whatever order it says it', () => {
    expect(tag).toMatch(/^"[\w-]{43}"$/);
    expect(etagOf({ name: 'a', id: 1 })).toBe(tag);
    expect(etagOf({ x: { b: 1, a: [1, 2] } })).toBe(etagOf({ x: { a: [1, 2], b: 1 } }));
    expect(etagOf({ x: [2, 1] })).not.toBe(etagOf({ x: [1, 2] }));
    expect(etagOf({ id: 1, name: 'b' })).not.toBe(tag);
    expect(etagOf({ id: 1, name: null })).not.toBe(etagOf({ id: 1, name: 'null' }));
  });

  it('leaves out what is no part of the version', () => {
    expect(etagOf({ id: 1, name: 'a', lastUsedAt: 'now' }, ['lastUsedAt'])).toBe(tag);
  });
});

describe('assertMatches', () => {
  it('lets through without If-Match, with *, and with the current tag alone or in a list', () => {
    for (const ifMatch of [undefined, '*', ' * ', tag, `"other", ${tag}`, `${tag},"other"`, `W/"x",${tag}`]) {
      expect(matches(ifMatch)).toBe(true);
    }
  });

  it('refuses another tag, a weak one, one without quotes, and nothing at all', () => {
    for (const ifMatch of ['"other"', `W/${tag}`, tag.slice(1, -1), '', ',', `"a${tag.slice(1)}`, '"*"']) {
      expect(matches(ifMatch)).toBe(false);
    }
  });
});
