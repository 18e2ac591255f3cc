import {
  ChangeSearch,
  ChangeSearchQuery,
  Histogram,
  RequestFilter,
  RequestSearch,
  RequestSearchQuery,
  Timeline,
  TimelineQuery,
} from '../audit/index.js';
import { Database } from '../platform/database/index.js';
import { NotFound } from '../platform/errors/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId, type IdKind } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import {
  type FilterOptions,
  filterOf,
  type PageOptions,
  pageOf,
  scopeFor,
  type WhoseOptions,
} from './audit-filter.js';
import { changeRow, changeText, pageFoot, requestLine, requestText } from './audit-texts.js';
import { CommandError } from './errors.js';
import { table } from './format.js';
import { given } from './given.js';
import { withApplication } from './with-application.js';

interface TimeOptions {
  readonly from?: string;
  readonly to?: string;
}

export interface SearchOptions extends PageOptions, FilterOptions, TimeOptions {
  readonly count?: boolean;
}

export type TimelineOptions = PageOptions & WhoseOptions & TimeOptions;

export interface ChangeOptions extends TimelineOptions {
  readonly entity?: string;
  readonly entityId?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly store?: string;
  readonly request?: string;
}

export type ViewOptions = CommonOptions & WhoseOptions;

const timeOf = ({ from, to }: TimeOptions) => given({ from, to });

/** `gatehouse audit search` */
export function searchRequests(options: SearchOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const count = options.count ? 'true' : undefined;
    const parameters = { ...filterOf(options), ...timeOf(options), ...pageOf(options), ...given({ count }) };
    const query = readInput(RequestSearchQuery, parameters, 'query');
    const found = await app
      .get(RequestSearch)
      .page(query, await scopeFor(app.get(Database).manager, options));
    const lines = found.data.map(requestLine);
    return { document: found, text: [...lines, pageFoot(found.pagination)].join('\n') };
  });
}

/** `gatehouse audit show` */
export function showRequest(publicId: string, _options: CommonOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const document = await named('request', publicId, (id) => app.get(RequestSearch).get(id, () => true));
    return { document, text: requestText(document) };
  });
}

/** `gatehouse audit histogram` */
export function countRequests(options: SearchOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const filter = readInput(RequestFilter, { ...filterOf(options), ...timeOf(options) }, 'query');
    const counted = await app.get(Histogram).of(filter, await scopeFor(app.get(Database).manager, options));
    const rows = counted.buckets
      .filter(({ requests }) => requests > 0)
      .map((one) => [
        one.from,
        ...[one.requests, one['2xx'], one['3xx'], one['4xx'], one['5xx']].map(String),
      ]);
    if (rows.length === 0) return { document: counted, text: 'There were none.' };
    return { document: counted, text: table(['FROM', 'REQUESTS', '2XX', '3XX', '4XX', '5XX'], rows) };
  });
}

/** `gatehouse audit changes` */
export function searchChanges(options: ChangeOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const { entity, entityId, actor, action, store: storeId, request: requestId } = options;
    const filter = given({ entity, entityId, actor, action, storeId, requestId });
    const query = readInput(
      ChangeSearchQuery,
      { ...filter, ...timeOf(options), ...pageOf(options) },
      'query',
    );
    const found = await app.get(ChangeSearch).page(query, await scopeFor(app.get(Database).manager, options));
    const rows = table(['AT', 'CHANGE', 'BY', 'ACTION', 'WHAT'], found.data.map(changeRow));
    return { document: found, text: `${rows}\n${pageFoot(found.pagination)}` };
  });
}

/** `gatehouse audit change` */
export function showChange(publicId: string, _options: CommonOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const document = await named('change', publicId, (id) => app.get(ChangeSearch).get(id, () => true));
    return { document, text: changeText(document) };
  });
}

/** `gatehouse audit timeline` */
export function keyTimeline(publicId: string, options: TimelineOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const query = readInput(TimelineQuery, { ...timeOf(options), ...pageOf(options) }, 'query');
    const scope = await scopeFor(app.get(Database).manager, options);
    const found = await named('key', publicId, (id) => app.get(Timeline).page(id, query, scope));
    const lines = found.data.map(({ request, change }) =>
      request ? requestLine(request) : change ? changeRow(change).join('  ') : '',
    );
    return { document: found, text: [...lines, pageFoot(found.pagination)].join('\n') };
  });
}

async function named<T>(kind: IdKind, publicId: string, find: (id: string) => Promise<T>): Promise<T> {
  const absent = new CommandError('NOT_FOUND', `There is no ${kind} ${publicId}.`);
  const id = fromPublicId(kind, publicId);
  if (id === undefined) throw absent;
  try {
    return await find(id);
  } catch (error) {
    if (error instanceof NotFound) throw absent;
    throw error;
  }
}
