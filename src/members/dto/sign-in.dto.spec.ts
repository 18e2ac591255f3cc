import { describe, expect, it } from '@jest/globals';
import { InvalidInput } from '../../platform/errors/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { SignInDto } from './sign-in.dto.js';

/** The fields that are refused. */
function faults(body: object): string[] {
  try {
    readInput(SignInDto, body, 'body');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return (error.details?.errors as { field: string }[]).map(({ field }) => field);
  }
}

describe('SignInDto', () => {
  it('takes any address and any password that bcrypt reads whole', () => {
    expect(faults({ email: 'Ada@Example.com', password: 'x' })).toEqual([]);
    expect(faults({ email: 'no address at all', password: '' })).toEqual([]);
    expect(faults({ email: 'ada@example.com', password: 'x', totp: '492039' })).toEqual([]);
  });

  it.each([
    ['no fields', {}, ['email', 'password']],
    ['numbers', { email: 1, password: 2 }, ['email', 'password']],
    ['arrays', { email: ['a@example.com'], password: ['x'] }, ['email', 'password']],
    ['null', { email: null, password: null }, ['email', 'password']],
    ['an unknown field', { email: 'a@example.com', password: 'x', otp: '1' }, ['otp']],
    ['a code that is none', { email: 'a@example.com', password: 'x', totp: 492039 }, ['totp']],
    ['an endless code', { email: 'a@example.com', password: 'x', totp: '1'.repeat(41) }, ['totp']],
    ['an empty address', { email: '', password: 'x' }, ['email']],
    ['an endless address', { email: 'a'.repeat(255), password: 'x' }, ['email']],
    ['a NUL byte', { email: 'a\u0000@example.com', password: 'x' }, ['email']],
    ['a lone surrogate', { email: 'a\ud800@example.com', password: '\udc00' }, ['email', 'password']],
    ['a password over 72 bytes', { email: 'a@example.com', password: 'é'.repeat(37) }, ['password']],
  ])('refuses %s', (_, body, fields) => {
    expect(faults(body)).toEqual(fields);
  });
});
