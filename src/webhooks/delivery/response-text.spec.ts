import { describe, expect, it } from '@jest/globals';
import { responseText } from './response-text.js';

describe('what is kept of an answer', () => {
  it.each([
    ['ok, grüße 👋\n\tthere', 'ok, grüße 👋\n\tthere'],
    [Buffer.from([0x61, 0x00, 0x1b, 0x5b, 0x62]), 'a\ufffd\ufffd[b'],
    [Buffer.from([0xff, 0x61, 0xc3]), '\ufffda\ufffd'],
    // a surrogate, encoded
    [Buffer.from([0xed, 0xa0, 0x80]), '\ufffd\ufffd\ufffd'],
    ['', ''],
  ])('is text: %p', (body, text) => {
    expect(responseText(Buffer.from(body as string))).toBe(text);
    expect(responseText(Buffer.from(body as string)).isWellFormed()).toBe(true);
  });
});
