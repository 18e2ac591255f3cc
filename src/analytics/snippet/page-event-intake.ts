import { Injectable } from '@nestjs/common';
import { ContentNames } from '../../content/index.js';
import { type Actor, Database } from '../../platform/database/index.js';
import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import { readInput } from '../../platform/http/input/index.js';
import { insertEvents, withKeys } from '../events/event-intake.js';
import { type PageEventBody, PageEventsBody } from './dto/page-event-body.js';

const ACTOR: Actor = { type: 'system', id: 'page-analytics' };
/** Clocks of visitors are this wrong at most; whoever has no better one leaves the time out. */
const MOST_SKEW_MS = 5 * 60_000;

/** Takes what pages tell. Whoever looks at one may send it, so that nothing in it is trusted. */
@Injectable()
export class PageEventIntake {
  constructor(
    private readonly database: Database,
    private readonly names: ContentNames,
  ) {}

  /**
   * Keeps all of them, each once. One that names a campaign which is not the store's, or is gone, is kept without it:
   * links with it may be anywhere.
   * @param storeId UUID
   * @throws InvalidInput with every fault of any
   */
  async take(storeId: string, body: unknown): Promise<void> {
    const { events } = readInput(PageEventsBody, body, 'body');
    assertEvents(events);
    const campaigns = await this.campaignsAmong(storeId, events);
    const named = withKeys(
      events.map((event) => ({
        ...event,
        id: keptId(event),
        campaignId: campaigns.has(event.campaignId ?? '') ? event.campaignId : null,
      })),
    );
    await this.database.write({ actor: ACTOR }, (tx) => insertEvents(tx, storeId, named));
  }

  private campaignsAmong(storeId: string, events: readonly PageEventBody[]): Promise<Map<string, string>> {
    const ids = new Set(events.flatMap(({ campaignId }) => campaignId ?? []));
    return this.names.of({ storeId }, 'campaign', [...ids]);
  }
}

/** Apart from the ids that the store's own systems give: nobody can take up one of those before they do. */
const keptId = ({ id }: PageEventBody): string => `page:${id}`;

function assertEvents(events: readonly PageEventBody[]): void {
  const faults = events.flatMap(({ kind, name, time }, index): FieldError[] => {
    const at = `events[${index}]`;
    const unnamed = kind === 'custom' && name == null;
    const skewed = time != null && Math.abs(time.getTime() - Date.now()) > MOST_SKEW_MS;
    return [
      ...(unnamed ? [{ field: `${at}.name`, reason: 'is required for the kind custom' }] : []),
      ...(skewed ? [{ field: `${at}.time`, reason: 'must be within five minutes of now' }] : []),
    ];
  });
  const [first, ...others] = faults;
  if (first) throw new InvalidInput([first, ...others]);
}
