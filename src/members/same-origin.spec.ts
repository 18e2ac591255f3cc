import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { CsrfTokenInvalid } from './members.errors.js';
import { assertSameOrigin } from './same-origin.js';

function isAllowed(origin: string | undefined, publicUrl?: string, host = 'localhost:3000'): boolean {
  try {
    assertSameOrigin({ headers: { origin, host } } as Request, publicUrl);
    return true;
  } catch (error) {
    if (error instanceof CsrfTokenInvalid) return false;
    throw error;
  }
}

describe('assertSameOrigin', () => {
  it('lets programs pass, which send no Origin', () => {
    expect(isAllowed(undefined)).toBe(true);
  });

  it('takes the address it is called by, exactly', () => {
    expect(isAllowed('http://localhost:3000')).toBe(true);
    for (const origin of [
      'http://localhost',
      'http://localhost:30000',
      'https://localhost:3000',
      'http://evil.example',
      'null',
      '',
    ]) {
      expect([origin, isAllowed(origin)]).toEqual([origin, false]);
    }
  });

  it('takes the public origin, whatever path the public address has', () => {
    expect(isAllowed('https://gate.example.com', 'https://gate.example.com/console', 'inside:3000')).toBe(
      true,
    );
    expect(
      isAllowed('https://gate.example.com.evil.example', 'https://gate.example.com', 'inside:3000'),
    ).toBe(false);
  });

  it('behind https does not take the same host over http, which anybody on the way can speak for', () => {
    expect(isAllowed('http://gate.example.com', 'https://gate.example.com', 'gate.example.com')).toBe(false);
    expect(isAllowed('http://localhost:3000', 'http://gate.example.com')).toBe(true);
  });
});
