import { describe, expect, it } from '@jest/globals';
import { MicroBatcher } from './micro-batcher.js';

/** A batcher whose batches end when the test says so. */
class Bench {
  readonly batches: number[][] = [];
  readonly batcher: MicroBatcher<number>;
  private readonly ends: (() => void)[] = [];

  constructor(limits: { maxBatch?: number; maxWaiting?: number } = {}) {
    this.batcher = new MicroBatcher<number>({
      maxBatch: limits.maxBatch ?? 100,
      maxWaiting: limits.maxWaiting ?? 100,
      run: (batch) => {
        this.batches.push(batch);
        return new Promise((resolve) => this.ends.push(resolve));
      },
    });
  }

  add(...items: number[]): boolean[] {
    return items.map((item) => this.batcher.add(item));
  }

  /** Ends the batch under way, and lets what follows from it happen. */
  async end(): Promise<void> {
    this.ends.shift()?.();
    await turn();
  }
}

/** One turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a micro batcher', () => {
  it('runs together, in their order, what came in one turn of the event loop', async () => {
    const bench = new Bench();
    expect(bench.add(1, 2)).toEqual([true, true]);
    await Promise.resolve();
    bench.add(3);
    expect([bench.batches, bench.batcher.size, bench.batcher.busy]).toEqual([[], 3, false]);
    await turn();
    expect([bench.batches, bench.batcher.size, bench.batcher.busy]).toEqual([[[1, 2, 3]], 0, true]);
  });

  it('keeps what comes while a batch is under way for the next, one batch at a time', async () => {
    const bench = new Bench();
    bench.add(1);
    await turn();
    bench.add(2);
    await turn();
    bench.add(3);
    await turn();
    expect(bench.batches).toEqual([[1]]);
    await bench.end();
    expect(bench.batches).toEqual([[1], [2, 3]]);
    await bench.end();
    expect(bench.batcher.busy).toBe(false);
  });

  it('takes no more into one batch than its bound, and leaves nobody out', async () => {
    const bench = new Bench({ maxBatch: 2 });
    bench.add(1, 2, 3, 4, 5);
    await turn();
    await bench.end();
    bench.add(6);
    await bench.end();
    expect(bench.batches).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
  });

  it('refuses what would wait beyond its bound, until there is room again', async () => {
    const bench = new Bench({ maxBatch: 2, maxWaiting: 3 });
    expect(bench.add(1, 2, 3, 4)).toEqual([true, true, true, false]);
    await turn();
    expect(bench.add(5, 6, 7)).toEqual([true, true, false]);
    await bench.end();
    await bench.end();
    expect(bench.batches).toEqual([[1, 2], [3, 5], [6]]);
  });

  it('gives back what waits, and does not run it', async () => {
    const bench = new Bench();
    bench.add(1);
    await turn();
    bench.add(2, 3);
    expect(bench.batcher.peek()).toEqual([2, 3]);
    expect(bench.batcher.drain()).toEqual([2, 3]);
    await bench.end();
    expect([bench.batches, bench.batcher.size]).toEqual([[[1]], 0]);
    bench.add(4);
    await turn();
    expect(bench.batches).toEqual([[1], [4]]);
  });

  it('is idle when nothing waits and nothing runs', async () => {
    const bench = new Bench({ maxBatch: 1 });
    await bench.batcher.idle();
    let idle = 0;
    bench.add(1, 2);
    for (let listener = 0; listener < 2; listener += 1) void bench.batcher.idle().then(() => (idle += 1));
    await turn();
    expect(idle).toBe(0);
    await bench.end();
    expect(idle).toBe(0);
    await bench.end();
    expect(idle).toBe(2);
  });

  it('is idle too once what waited was taken back', async () => {
    const bench = new Bench();
    bench.add(1);
    const idle = bench.batcher.idle();
    bench.batcher.drain();
    await idle;
    expect(bench.batches).toEqual([]);
  });
});
