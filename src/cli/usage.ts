import {
  type KeyUsageResponse,
  operatorReader,
  UsageQuery,
  UsageRangeQuery,
  type UsageResponse,
  UsageService,
} from '../keys/index.js';
import { Database } from '../platform/database/index.js';
import { NotFound } from '../platform/errors/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { organizationFor } from './find.js';
import { facts, table, when } from './format.js';
import { given } from './given.js';
import { storeNamed } from './stores.js';
import { withApplication } from './with-application.js';

export interface UsageRangeOptions extends CommonOptions {
  readonly from?: string;
  readonly to?: string;
  readonly granularity?: string;
}

export interface UsageOptions extends UsageRangeOptions {
  readonly organization?: string;
  readonly store?: string;
  readonly limit?: string;
}

/** `gatehouse usage` */
export function showUsage(options: UsageOptions): Promise<Answer> {
  const { organization, store: storeId, limit } = options;
  return withApplication(async (app) => {
    const { manager } = app.get(Database);
    const query = readInput(UsageQuery, { ...rangeOf(options), ...given({ storeId, limit }) }, 'query');
    const organizationId =
      storeId === undefined || organization !== undefined
        ? (await organizationFor(manager, organization)).id
        : (await storeNamed(manager, storeId)).organizationId;
    const used = await app.get(UsageService).of(query, operatorReader(organizationId));
    return { document: used, text: usageText(used) };
  });
}

/** `gatehouse keys usage`: of a deleted key too. */
export function showKeyUsage(publicId: string, options: UsageRangeOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const query = readInput(UsageRangeQuery, rangeOf(options), 'query');
    const id = fromPublicId('key', publicId);
    const used = id === undefined ? undefined : await found(app.get(UsageService).ofKey(query, null, id));
    if (!used) throw new CommandError('NOT_FOUND', `There is no key ${publicId}, and no use of one.`);
    return { document: used, text: keyUsageText(used) };
  });
}

const rangeOf = ({ from, to, granularity }: UsageRangeOptions) => given({ from, to, granularity });

async function found<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

function usageText(used: UsageResponse): string {
  const { subject, stores, hasMoreStores, keys } = used;
  const parts = [`The ${subject.kind} "${subject.name}" (${subject.id}):`, ...commonParts(used)];
  parts.push(
    table(
      ['STORE', 'NAME', 'KIND', 'REQUESTS', 'CHARGED'],
      stores.map(({ id, name, kind, requests, charged }) => [id, name, kind, `${requests}`, `${charged}`]),
    ),
  );
  if (hasMoreStores) parts.push('There are more stores: name one with --store.');
  if (keys.data.length > 0) {
    parts.push(
      table(
        ['KEY', 'NAME', 'STATUS', 'REQUESTS', 'CHARGED'],
        keys.data.map(({ id, name, status, requests, charged }) => [
          id,
          name ?? '?',
          status,
          `${requests}`,
          `${charged}`,
        ]),
      ),
    );
  }
  if (keys.hasMore) parts.push('More keys were used: raise --limit, at most 100.');
  return parts.join('\n\n');
}

function keyUsageText(used: KeyUsageResponse): string {
  const { key } = used;
  return [`The key "${key.name ?? '?'}" (${key.id}, ${key.status}):`, ...commonParts(used)].join('\n\n');
}

/** The windows, and the hours or days with any use; the JSON document has those without, too. */
function commonParts(used: UsageResponse | KeyUsageResponse): string[] {
  const { plan, pollSeconds, windows, totals, series, from, to, granularity } = used;
  const now = new Date(used.at);
  const parts = [
    facts([
      ['Plan', plan.name],
      ['Identical requests', pollSeconds === 0 ? 'at any time' : `every ${pollSeconds} seconds`],
      ['From', from],
      ['To', to],
      ['Requests', `${totals.requests}, of which ${totals.charged} were charged`],
    ]),
  ];
  const windowRows = windows.map(
    ({ window, limit, used: count, remaining, resetsAt, projectedExhaustionAt }) => [
      window,
      `${count} of ${limit}`,
      `${remaining}`,
      when(resetsAt, now),
      projectedExhaustionAt === null ? 'not before' : when(projectedExhaustionAt, now),
    ],
  );
  parts.push(
    windowRows.length === 0
      ? 'No window limits it.'
      : table(['WINDOW', 'USED', 'LEFT', 'RENEWED', 'NOTHING LEFT AT THIS PACE'], windowRows),
  );
  const busy = series.filter(({ requests }) => requests > 0);
  if (busy.length > 0) {
    parts.push(
      table(
        [granularity.toUpperCase(), 'REQUESTS', 'CHARGED'],
        busy.map(({ from: start, requests, charged }) => [
          granularity === 'day' ? start.slice(0, 10) : start.slice(0, 16),
          `${requests}`,
          `${charged}`,
        ]),
      ),
    );
  }
  return parts;
}
