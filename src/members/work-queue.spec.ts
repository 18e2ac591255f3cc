import { describe, expect, it } from '@jest/globals';
import { QueueFull, WorkQueue } from './work-queue.js';

/** Work that lasts until it is let go. */
class Job {
  readonly started = Promise.withResolvers<void>();
  private readonly ended = Promise.withResolvers<void>();

  constructor(
    private readonly name: string,
    private readonly log: string[],
  ) {}

  readonly run = async (): Promise<string> => {
    this.log.push(this.name);
    this.started.resolve();
    await this.ended.promise;
    return this.name;
  };

  end(): void {
    this.ended.resolve();
  }
}

describe('WorkQueue', () => {
  it('runs so many at once, and the others in the order in which they came', async () => {
    const queue = new WorkQueue(2, 2);
    const log: string[] = [];
    const [a, b, c, d] = [new Job('a', log), new Job('b', log), new Job('c', log), new Job('d', log)];
    const results = [a, b, c, d].map((job) => queue.run(job.run));
    await b.started.promise;
    expect(log).toEqual(['a', 'b']);
    b.end();
    await c.started.promise;
    expect(log).toEqual(['a', 'b', 'c']);
    a.end();
    await d.started.promise;
    c.end();
    d.end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'c', 'd']);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('refuses at once what would wait behind too many, and takes work again when there is room', async () => {
    const queue = new WorkQueue(1, 1);
    const log: string[] = [];
    const [a, b, c, d] = [new Job('a', log), new Job('b', log), new Job('c', log), new Job('d', log)];
    const results = [queue.run(a.run), queue.run(b.run)];
    await expect(queue.run(c.run)).rejects.toBeInstanceOf(QueueFull);
    a.end();
    await b.started.promise;
    results.push(queue.run(d.run));
    b.end();
    d.end();
    expect(await Promise.all(results)).toEqual(['a', 'b', 'd']);
    expect(log).toEqual(['a', 'b', 'd']);
  });

  it('gives the place back when the work fails', async () => {
    const queue = new WorkQueue(1, 0);
    await expect(queue.run(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(await queue.run(() => Promise.resolve('next'))).toBe('next');
  });
});
