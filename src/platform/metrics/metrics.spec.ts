import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.js';

describe('Metrics', () => {
  it('renders every kind of figure', async () => {
    const metrics = new Metrics();
    metrics.counter('gatehouse_a_total', 'A').inc(2);
    metrics.gauge('gatehouse_b', 'B', ['lane']).set({ lane: '1' }, 7);
    metrics.histogram('gatehouse_c_seconds', 'C', [0.1, 1]).observe(0.5);
    let depth = 3;
    metrics.reading('gatehouse_d', 'D', () => depth);
    depth = 4;
    const text = await metrics.render();
    expect(text).toContain('gatehouse_a_total 2');
    expect(text).toContain('gatehouse_b{lane="1"} 7');
    expect(text).toContain('gatehouse_c_seconds_bucket{le="1"} 1');
    expect(text).toContain('gatehouse_d 4');
  });

  it('refuses a name twice and an unknown label', () => {
    const metrics = new Metrics();
    const counter = metrics.counter('gatehouse_a_total', 'A', ['kind']);
    expect(() => metrics.counter('gatehouse_a_total', 'A')).toThrow(/already/);
    expect(() => counter.inc({ sort: 'x' } as never)).toThrow(/label/);
  });

  it('has nothing to do with the figures of another application, and forgets its own at the end', async () => {
    const metrics = new Metrics();
    metrics.counter('gatehouse_a_total', 'A').inc();
    expect(await new Metrics().render()).not.toContain('gatehouse_a_total');
    metrics.onApplicationShutdown();
    expect((await metrics.render()).trim()).toBe('');
  });
});
