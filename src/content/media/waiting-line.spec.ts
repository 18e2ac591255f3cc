import { expect, it } from '@jest/globals';
import { AppError } from '../../platform/errors/index.js';
import { WaitingLine } from './waiting-line.js';

/** Work that ends when it is told to. */
function held(line: WaitingLine, name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const done = line.run(() => {
    begun.push(name);
    return promise;
  });
  return { done, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}

it('lets so many have their turn at once, and the others as they came, whether work succeeds or not', async () => {
  const line = new WaitingLine(2, 2);
  const begun: string[] = [];
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => held(line, name, begun));
  if (!a || !b || !c || !d) throw new Error('There are four.');
  expect(begun).toEqual(['a', 'b']);
  b.fail();
  await expect(b.done).rejects.toThrow('b');
  a.finish();
  expect(await a.done).toBe('a');
  c.finish();
  d.finish();
  expect(await Promise.all([c.done, d.done])).toEqual(['c', 'd']);
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
});

it('turns away whoever comes to a full line, and says when to come again', async () => {
  const line = new WaitingLine(1, 1);
  const [a, b] = [held(line, 'a', []), held(line, 'b', [])];
  const refused = await line.run(() => Promise.resolve()).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(AppError);
  expect(refused).toMatchObject({ code: 'MEDIA_BUSY', headers: { 'Retry-After': '5' } });
  a.finish();
  b.finish();
  await Promise.all([a.done, b.done]);
  expect(await line.run(() => Promise.resolve('again'))).toBe('again');
});
