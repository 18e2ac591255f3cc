import { EventQuery, EventReader, type EventResponse, listEventTypes } from '../events/index.js';
import { Database } from '../platform/database/index.js';
import { NotFound } from '../platform/errors/index.js';
import { EventCatalogue } from '../platform/events/index.js';
import { readInput } from '../platform/http/input/index.js';
import { fromPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { scopeFor } from './audit-filter.js';
import { CommandError } from './errors.js';
import { facts, table } from './format.js';
import { given } from './given.js';
import { withApplication } from './with-application.js';

export interface ListEventsOptions extends CommonOptions {
  readonly organization?: string;
  readonly after?: string;
  readonly types?: string;
  readonly store?: string;
  readonly limit?: string;
  readonly all?: boolean;
}

/** Events that one command answers at most. */
const MOST = 10_000;

/** `gatehouse events list` */
export function listEvents(options: ListEventsOptions): Promise<Answer> {
  const { after, types, store: storeId, all } = options;
  const limit = all ? '100' : options.limit;
  return withApplication(async (app) => {
    const query = readInput(EventQuery, given({ after, types, storeId, limit }), 'query');
    const { organizationId } = await scopeFor(app.get(Database).manager, options);
    const reader = app.get(EventReader);
    let page = await reader.page(query, organizationId);
    const data = page.data;
    while (all && page.pagination.hasMore && data.length < MOST) {
      page = await reader.page({ ...query, after: page.pagination.next }, organizationId);
      data.push(...page.data);
    }
    const { hasMore, next } = page.pagination;
    const rows = table(['NO', 'AT', 'TYPE', 'OF', 'EVENT'], data.map(eventRow));
    const foot = hasMore
      ? `What comes next: --after ${next}`
      : `That is all up to now. Later: --after ${next}`;
    return { document: { data, pagination: page.pagination }, text: `${rows}\n${foot}` };
  });
}

/** `gatehouse events show` */
export function showEvent(publicId: string): Promise<Answer> {
  return withApplication(async (app) => {
    const document = await eventNamed(app.get(EventReader), publicId);
    const { data, ...event } = document;
    const known = Object.entries(event).filter(([, value]) => value !== null);
    const head = facts(known.map(([name, value]) => [name, String(value)]));
    return { document, text: `${head}\n${JSON.stringify(data, null, 2)}` };
  });
}

/** `gatehouse events types` */
export function listTypes(): Promise<Answer> {
  return withApplication((app) => {
    const data = listEventTypes(app.get(EventCatalogue));
    const rows = data.map(({ type, description, reserved }) => [
      type,
      `${description}${reserved ? ' Not sent yet.' : ''}`,
    ]);
    return Promise.resolve({ document: { data }, text: table(['TYPE', 'WHEN'], rows) });
  });
}

const eventRow = ({ sequence, timestamp, type, subjectId, id }: EventResponse): string[] => [
  String(sequence),
  timestamp,
  type,
  subjectId,
  id,
];

async function eventNamed(reader: EventReader, publicId: string): Promise<EventResponse> {
  const absent = new CommandError('NOT_FOUND', `There is no event ${publicId}.`);
  const id = fromPublicId('event', publicId);
  if (id === undefined) throw absent;
  try {
    return await reader.get(id);
  } catch (error) {
    if (error instanceof NotFound) throw absent;
    throw error;
  }
}
