import { describe, expect, it } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createLogger } from '../logging/index.js';
import { Metrics } from '../metrics/index.js';
import { mountHealth } from './mount-health.js';
import { Readiness, type ReadinessCheck } from './readiness.js';

const ok = (name: string): ReadinessCheck => ({ name, check: () => Promise.resolve() });
const broken = (name: string): ReadinessCheck => ({
  name,
  check: () => Promise.reject(new Error('password for 10.0.0.7 refused')),
});
const hanging = (name: string): ReadinessCheck => ({ name, check: () => new Promise(() => undefined) });

function appWith(checks: ReadinessCheck[], deadlineMs?: number) {
  const lines: string[] = [];
  const readiness = new Readiness(
    checks,
    createLogger('info', { write: (line) => void lines.push(line) }),
    deadlineMs,
  );
  const metrics = new Metrics();
  metrics.counter('gatehouse_things_total', 'Things', ['kind']).inc({ kind: 'good' }, 3);
  const app = express();
  mountHealth(app, { ready: () => readiness.report(), metrics });
  return { app, lines };
}

describe('the health routes', () => {
  it('say that the process lives, whatever else does not', async () => {
    const { app } = appWith([broken('database')]);
    const response = await request(app).get('/healthz').expect(200);
    expect(response.body).toEqual({ status: 'ok' });
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it('are ready when every check is', async () => {
    const { app } = appWith([ok('database'), ok('migrations'), ok('requestLog')]);
    const response = await request(app).get('/readyz').expect(200);
    expect(response.body).toEqual({
      status: 'ok',
      checks: { database: 'ok', migrations: 'ok', requestLog: 'ok' },
    });
  });

  it('name the check that fails, and not why', async () => {
    const { app, lines } = appWith([ok('database'), broken('migrations')]);
    const response = await request(app).get('/readyz').expect(503);
    expect(response.body).toEqual({ status: 'failed', checks: { database: 'ok', migrations: 'failed' } });
    expect(response.headers['cache-control']).toBe('no-store');
    expect(lines.join('')).toContain('password for 10.0.0.7 refused');
  });

  it('log a failing check once, and its return', async () => {
    let works = false;
    const check = {
      name: 'database',
      check: () => (works ? Promise.resolve() : Promise.reject(new Error('down'))),
    };
    const { app, lines } = appWith([check]);
    await request(app).get('/readyz').expect(503);
    await request(app).get('/readyz').expect(503);
    works = true;
    await request(app).get('/readyz').expect(200);
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'not ready',
      'ready again',
    ]);
  });

  it('fail a check that does not answer in time, and do not run it twice at once', async () => {
    let runs = 0;
    const check = { name: 'database', check: () => ((runs += 1), new Promise<void>(() => undefined)) };
    const { app } = appWith([check, ok('migrations')], 20);
    await request(app).get('/readyz').expect(503);
    const response = await request(app).get('/readyz').expect(503);
    expect(response.body).toEqual({ status: 'failed', checks: { database: 'failed', migrations: 'ok' } });
    expect(runs).toBe(1);
  });

  it('take two seconds for a check when not told otherwise', async () => {
    const { app } = appWith([hanging('requestLog')]);
    const started = performance.now();
    await request(app).get('/readyz').expect(503);
    expect(performance.now() - started).toBeGreaterThan(1_900);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  it('print the figures for Prometheus', async () => {
    const { app } = appWith([]);
    const response = await request(app).get('/metrics').expect(200);
    expect(response.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.text).toContain('gatehouse_things_total{kind="good"} 3');
    expect(response.text).toContain('process_cpu_seconds_total');
  });

  it.each(['/healthz', '/readyz', '/metrics'])('answer HEAD on %s without a body', async (path) => {
    const { app } = appWith([ok('database')]);
    const response = await request(app).head(path).expect(200);
    expect(response.text).toBeUndefined();
    expect(response.headers['cache-control']).toBe('no-store');
  });

  it.each(['/healthz', '/readyz', '/metrics'])('refuse other methods on %s', async (path) => {
    const { app } = appWith([ok('database')]);
    for (const method of ['post', 'put', 'patch', 'delete', 'options'] as const) {
      const response = await request(app)[method](path).expect(405);
      expect(response.headers).toMatchObject({ allow: 'GET, HEAD', 'cache-control': 'no-store' });
    }
  });

  it('answer 500 without a word when the figures cannot be had', async () => {
    const app = express();
    mountHealth(app, {
      ready: () => Promise.reject(new Error('inside')),
      metrics: { contentType: 'text/plain', render: () => Promise.reject(new Error('inside')) },
    });
    for (const path of ['/metrics', '/readyz']) {
      const response = await request(app).get(path).expect(500);
      expect(response.text).toBe('{"status":"failed"}');
    }
  });
});
