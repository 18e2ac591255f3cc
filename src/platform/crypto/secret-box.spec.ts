import { describe, expect, it } from '@jest/globals';
import { BoxBroken, masterIdOf, MasterSecrets, SecretBox } from './index.js';

const OLD = 'an old master secret, long enough';
const NEW = 'a new master secret, long enough';
const SECRET = Buffer.from('JBSWY3DPEHPK3PXP');

const boxUnder = (...secrets: [string, string?]) => new SecretBox(new MasterSecrets(...secrets));

describe('a sealed secret', () => {
  it('is opened again, where it was sealed for', () => {
    const box = boxUnder(NEW);
    expect(box.open(box.seal(SECRET, 'totp/1'), 'totp/1')).toEqual(SECRET);
    expect(() => box.open(box.seal(SECRET, 'totp/1'), 'totp/2')).toThrow(BoxBroken);
  });

  it('looks different every time, and holds nothing of the secret', () => {
    const box = boxUnder(NEW);
    const [one, two] = [box.seal(SECRET, 'a'), box.seal(SECRET, 'a')];
    expect(one.equals(two)).toBe(false);
    expect(one.includes(SECRET)).toBe(false);
  });

  it('is opened under the previous master secret too, and says that it is under that', () => {
    const sealed = boxUnder(OLD).seal(SECRET, 'a');
    expect(masterIdOf(sealed)).toBe(new MasterSecrets(OLD).currentId);
    expect(boxUnder(NEW, OLD).open(sealed, 'a')).toEqual(SECRET);
    expect(() => boxUnder(NEW).open(sealed, 'a')).toThrow('not configured');
  });

  it('does not open once any byte of it is another, or missing', () => {
    const box = boxUnder(NEW);
    const sealed = box.seal(SECRET, 'a');
    for (let i = 0; i < sealed.length; i++) {
      const altered = Buffer.from(sealed);
      altered[i] = (altered[i] ?? 0) ^ 1;
      expect(() => box.open(altered, 'a')).toThrow(BoxBroken);
      expect(() => box.open(sealed.subarray(0, i), 'a')).toThrow(BoxBroken);
    }
  });
});
