import { RequestSearch, RequestSearchQuery } from '../../src/audit/index.js';
import { MasterSecrets } from '../../src/platform/crypto/index.js';
import type { Database } from '../../src/platform/database/index.js';
import { AppError } from '../../src/platform/errors/index.js';
import { readInput } from '../../src/platform/http/input/index.js';
import { Cursors } from '../../src/platform/http/lists/index.js';
import { median, type Measurement } from '../support/report.js';
import type { GeneratedLog } from './generate-log.js';

/** Of a page, in milliseconds. */
export const GOAL_MS = 50;

/** Pages after the first one whose time is told as that of a deep one. */
const DEEP_PAGES = 20;

/** First pages, and deep ones, of searches as they are made: each round asks each of them once. */
export async function searchLog(
  database: Database,
  log: GeneratedLog,
  rounds: number,
): Promise<Measurement[]> {
  const search = new RequestSearch(
    database,
    new Cursors(new MasterSecrets('a master secret for benchmarks alone')),
  );
  const measurements: Measurement[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const [subject, { organization, key: keyId, ...filter }] of Object.entries(searchesOf(log))) {
      const scope = { organizationId: organization ?? log.organization };
      const firstMs: number[] = [];
      const deepMs: number[] = [];
      let cursor: string | null = null;
      for (let page = 0; page <= DEEP_PAGES; page++) {
        const parameters: Record<string, string> = { ...filter, ...(cursor === null ? {} : { cursor }) };
        const query = readInput(RequestSearchQuery, parameters, 'query');
        // of no version, as generated ids are, and so without a public form
        if (keyId !== undefined) query.keyId = keyId;
        const start = performance.now();
        const answer = await search.page(query, scope).catch(unlessTooWide);
        (page === 0 ? firstMs : deepMs).push(performance.now() - start);
        cursor = answer?.pagination.nextCursor ?? null;
        if (cursor === null) break;
      }
      measurements.push(measured(`${subject}, first page`, round, firstMs));
      if (deepMs.length > 0) measurements.push(measured(`${subject}, later pages`, round, deepMs));
    }
  }
  return measurements;
}

/** A search that is refused took its whole time. */
function unlessTooWide(error: unknown): undefined {
  if (error instanceof AppError && error.code === 'SEARCH_TOO_WIDE') return;
  throw error;
}

function measured(subject: string, round: number, times: readonly number[]): Measurement {
  const p50Ms = median(times);
  return { subject, round, requestsPerSecond: 1_000 / p50Ms, p50Ms, p99Ms: Math.max(...times) };
}

function searchesOf(log: GeneratedLog): Record<string, Record<string, string>> {
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString();
  const month = { from: day(30), to: day(0) };
  return {
    'organization, newest': {},
    'organization, two weeks ago': { to: day(14) },
    'busy key, a week': { key: log.busyKey, from: day(10), to: day(3) },
    'quiet key, all': { key: log.quietKey },
    'quiet key, a month, oldest first': { key: log.quietKey, ...month, sortOrder: 'asc' },
    'status 500, a month': { status: '500', ...month },
    'class 4xx, a month': { status: '4xx', ...month },
    'class 5xx of a quiet organization': { organization: log.quietOrganization, status: '5xx' },
    'error code, a month': { errorCode: 'INVALID_INPUT', ...month },
    'busy route, a month': { route: '/api/v1/things0/:id', ...month },
    'rare route, a month': { route: '/api/v1/things29/:id', ...month },
    'rare route of a quiet organization': {
      organization: log.quietOrganization,
      route: '/api/v1/things29/:id',
    },
    'route that nobody used': { route: '/api/v1/nothing', ...month },
    'busy address, a month': { ip: '10.0.0.0', ...month },
    'address, a day': { ip: '10.0.251.17', from: day(1) },
    'network, a day': { ip: '10.0.240.0/20', from: day(1) },
  };
}
