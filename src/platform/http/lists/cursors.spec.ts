import { describe, expect, it } from '@jest/globals';
import { MasterSecrets } from '../../crypto/index.js';
import { Cursors } from './cursors.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const OLD = 'an older master secret, of some length';
const NEW = 'the newer master secret, of some length';
const cursors = new Cursors(new MasterSecrets(OLD));

const refused = expect.objectContaining({
  code: 'INVALID_INPUT',
  details: expect.objectContaining({ field: 'cursor' }),
});

describe('cursors', () => {
  it.each([['2026-03-01T09:00:00.123Z'], ['ünïcode 🌱 "quoted".dotted'], [42], [null]])(
    'carry %p there and back',
    (value) => {
      const cursor = cursors.sign('campaigns', { value, id: ID });
      expect(cursor).toMatch(/^[\w-]+\.[\w-]+$/);
      expect(cursors.read('campaigns', cursor)).toEqual({ value, id: ID });
    },
  );

  it('hold for their own list, filter and order alone', () => {
    const cursor = cursors.sign('campaigns\nDRAFT', { value: 1, id: ID });
    expect(() => cursors.read('campaigns\nACTIVE', cursor)).toThrow(refused);
  });

  it('cannot be changed: any other character anywhere is noticed', () => {
    const cursor = cursors.sign('campaigns', { value: 1, id: ID });
    for (let index = 0; index < cursor.length; index += 1) {
      const other = cursor[index] === 'A' ? 'B' : 'A';
      const changed = cursor.slice(0, index) + other + cursor.slice(index + 1);
      expect(() => cursors.read('campaigns', changed)).toThrow(refused);
    }
  });

  it.each(['', '.', 'x', 'x.', '.x', 'a.b.c', 'x.🌱', `x.${'ü'.repeat(22)}`])('refuse %p', (text) => {
    expect(() => cursors.read('campaigns', text)).toThrow(refused);
  });

  it('outlive a change of the master secret, while the previous one is accepted', () => {
    const cursor = cursors.sign('campaigns', { value: 1, id: ID });
    expect(new Cursors(new MasterSecrets(NEW, OLD)).read('campaigns', cursor)).toEqual({ value: 1, id: ID });
    expect(() => new Cursors(new MasterSecrets(NEW)).read('campaigns', cursor)).toThrow(refused);
  });
});
