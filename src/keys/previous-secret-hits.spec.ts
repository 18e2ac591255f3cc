import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { MasterSecrets } from '../platform/crypto/index.js';
import { createLogger } from '../platform/logging/index.js';
import { Metrics } from '../platform/metrics/index.js';
import type { SecretFacts } from './key-lookup.js';
import { PreviousSecretHits } from './previous-secret-hits.js';

const secrets = new MasterSecrets(
  'the current master secret, long enough',
  'the previous one, as long as it',
);
const foundUnder = (masterId = '') => ({ masterId, keyId: 'k' }) as SecretFacts;

describe('keys under the previous master secret', () => {
  const lines: { hits: number; msg: string }[] = [];
  let metrics: Metrics;
  let hits: PreviousSecretHits;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.length = 0;
    metrics = new Metrics();
    const logger = createLogger('info', {
      write: (line) => void lines.push(JSON.parse(line) as { hits: number; msg: string }),
    });
    hits = new PreviousSecretHits(secrets, metrics, logger);
  });
  afterEach(() => {
    metrics.onApplicationShutdown();
    jest.useRealTimers();
  });

  it('are counted, and those under the current one are not', async () => {
    for (const id of [secrets.currentId, secrets.ids[1], secrets.ids[1]]) hits.seen(foundUnder(id));
    expect(await metrics.render()).toContain('gatehouse_previous_secret_hits_total 2');
  });

  it('are told in the log once a minute, with how many there were', () => {
    hits.seen(foundUnder(secrets.ids[1]));
    jest.advanceTimersByTime(59_999);
    for (let i = 0; i < 4; i++) hits.seen(foundUnder(secrets.ids[1]));
    expect(lines).toMatchObject([{ hits: 1, msg: expect.stringContaining('secrets rehash') }]);
    jest.advanceTimersByTime(1);
    hits.seen(foundUnder(secrets.ids[1]));
    expect(lines.map((line) => line.hits)).toEqual([1, 5]);
  });
});
