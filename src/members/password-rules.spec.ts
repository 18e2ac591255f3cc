import { describe, expect, it } from '@jest/globals';
import { newPasswordProblem, presentedPasswordProblem } from './password-rules.js';

const ADA = { email: 'ada.lovelace@engines.example', name: 'Ada Lovelace' };
const COMMON = 'is one of the passwords that everybody tries';
const PERSONAL = 'says little beyond the address or the name it belongs to';
/** 72 bytes. */
const LONGEST = 'éàüö'.repeat(9);

describe('a new password', () => {
  it('is counted in bytes, not characters: 12 to 72', () => {
    expect(newPasswordProblem('elevenbytes')).toBe('must have at least 12 bytes');
    expect(newPasswordProblem('twelve bytes')).toBeUndefined();
    expect(newPasswordProblem('éàüöéà')).toBeUndefined();
    expect(newPasswordProblem(LONGEST)).toBeUndefined();
    expect(newPasswordProblem(`${LONGEST}x`)).toBe('must have at most 72 bytes');
  });

  it.each([
    ['on the list', '1q2w3e4r5t6y'],
    ['in another case', 'Administrator'],
    ['a word with a year', 'Sunshine2026'],
    ['a word with a number and signs', 'password1234!'],
    ['a word said twice', 'dragondragon'],
    ['a word said twice, with a year', 'dragondragon2026'],
    ['one character', 'aaaaaaaaaaaa'],
    ['two in turns', 'abababababab'],
  ])('is none that everybody tries: %s', (_, password) => {
    expect(newPasswordProblem(password, ADA)).toBe(COMMON);
  });

  it.each([
    ['the address', 'ada.lovelace@engines.example'],
    ['its local part and a number', 'ada.lovelace-1815'],
    ['the name', 'Lovelace, Ada 1815'],
    ['the house', 'gatehouse-2026'],
    ['the house and what everybody tries', 'Gatehouse password'],
  ])('is more than %s', (_, password) => {
    expect(newPasswordProblem(password, ADA)).toBe(PERSONAL);
  });

  it('may hold such a word beside others, and is nobody else’s affair', () => {
    expect(newPasswordProblem('lovelace walks to the sea', ADA)).toBeUndefined();
    expect(newPasswordProblem('correct horse battery', ADA)).toBeUndefined();
    expect(newPasswordProblem('9f2c4e1a77d0b3586c1d', ADA)).toBeUndefined();
    expect(newPasswordProblem('ada.lovelace-1815')).toBeUndefined();
  });
});

describe('a password that is tried', () => {
  it('may be any short text', () => {
    expect(presentedPasswordProblem('')).toBeUndefined();
    expect(presentedPasswordProblem('password')).toBeUndefined();
    expect(presentedPasswordProblem(`${LONGEST}x`)).toBe('must have at most 72 bytes');
  });

  it('has no lone surrogate, which UTF-8 cannot tell from another', () => {
    expect(presentedPasswordProblem('twelve bytes \ud800')).toBe('must be well-formed Unicode');
    expect(newPasswordProblem('twelve bytes 😀')).toBeUndefined();
  });
});
