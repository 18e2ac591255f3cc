import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { AppError } from '../../platform/errors/index.js';
import type { RequestContext } from '../../platform/http/index.js';
import { type LogScope, logScopeOf } from '../search/log-reader.js';
import type { RequestFilter } from '../search/request-filter.js';
import { invalid } from '../search/search-errors.js';
import { LogFollower } from './log-follower.js';
import { requestMatcher } from './request-matcher.js';
import { Standing } from './standing.js';
import { Tail, type TailEvent, type TailOptions } from './tail.js';
import { TailPosition } from './tail-position.js';

/** Streams at once: of one process, and of one organization there. */
const MOST_TAILS = 64;
const MOST_OF_ORGANIZATION = 8;
const RETRY_AFTER_SECONDS = '5';

/** Batches that a reader may have missed; whoever missed more searches for it. */
const MOST_MISSED = 100_000;

/** Streams end by themselves then: their reader resumes, and idle sessions end as they should. */
const LONGEST_MS = 3_600_000;

/** 429: as many streams as there may be are open. */
export class TooManyStreams extends AppError {
  constructor(whose: 'server' | 'organization', limit: number) {
    super('TOO_MANY_STREAMS', `The ${whose} has ${limit} streams open, and may have no more.`, {
      details: { limit, of: whose },
      headers: { 'Retry-After': RETRY_AFTER_SECONDS },
    });
  }
}

/** Everybody who follows the log live. */
@Injectable()
export class Tails implements OnModuleDestroy {
  private readonly open = new Map<Tail, string>();
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly follower: LogFollower,
    private readonly standing: Standing,
  ) {}

  /**
   * Follows the log for a request, from now on or from where its reader was.
   * @throws InvalidInput; PERMISSION_DENIED; TooManyStreams
   */
  async of(context: RequestContext, filter: RequestFilter): Promise<AsyncGenerator<TailEvent>> {
    const { organizationId: own } = context.authenticated;
    const scope = logScopeOf(context.authenticated, filter.organizationId);
    const resumed = resumedAt(context.request.headers['last-event-id']);
    this.assertRoom(own);
    const tail = await this.follow(filter, scope, resumed, own, {
      longestMs: LONGEST_MS,
      stands: async () => (await this.standing.holds(context)) && stillSees(context, filter),
    });
    const { response } = context;
    if (response.destroyed) tail.end();
    response.once('close', () => tail.end());
    return tail.events();
  }

  /** The same for whoever runs the installation, at the command line; ends with its process. */
  async ofOperator(filter: RequestFilter, scope: LogScope): Promise<AsyncGenerator<TailEvent>> {
    const stands = () => Promise.resolve(true);
    const tail = await this.follow(filter, scope, undefined, '', { longestMs: Infinity, stands });
    return tail.events();
  }

  /** Before the server waits for its requests to end: these end by nothing else. */
  onModuleDestroy(): void {
    this.closed = true;
    for (const tail of this.open.keys()) tail.end();
  }

  private async follow(
    filter: RequestFilter,
    scope: LogScope,
    resumed: TailPosition | undefined,
    owner: string,
    options: Pick<TailOptions, 'longestMs' | 'stands'>,
  ): Promise<Tail> {
    const position = resumed ?? new TailPosition(new Map());
    const tail = new Tail(this.database, this.follower, {
      ...options,
      matches: requestMatcher(filter, scope),
      position,
      onEnd: () => this.open.delete(tail),
    });
    this.open.set(tail, owner);
    try {
      const heads = await this.follower.join(tail);
      if (!resumed) for (const [writer, batch] of heads) position.finish(writer, batch);
      else if (position.isBeyond(heads) || position.distanceTo(heads) > MOST_MISSED) {
        throw invalid(
          'Last-Event-ID',
          'is too far from here: search for what was missed, and follow from now on',
        );
      }
      if (this.closed) tail.end();
      return tail;
    } catch (error) {
      tail.end();
      throw error;
    }
  }

  /** @throws TooManyStreams */
  private assertRoom(organizationId: string): void {
    if (this.open.size >= MOST_TAILS) throw new TooManyStreams('server', MOST_TAILS);
    const own = [...this.open.values()].filter((owner) => owner === organizationId).length;
    if (own >= MOST_OF_ORGANIZATION) throw new TooManyStreams('organization', MOST_OF_ORGANIZATION);
  }
}

function resumedAt(header: string | string[] | undefined): TailPosition | undefined {
  if (header === undefined) return undefined;
  const position = typeof header === 'string' ? TailPosition.parse(header) : undefined;
  if (!position) throw invalid('Last-Event-ID', 'is not the id of an event of ours');
  return position;
}

/** Whether the principal, as it is now, may still read what it asked for. */
function stillSees(context: RequestContext, { organizationId }: RequestFilter): boolean {
  try {
    logScopeOf(context.authenticated, organizationId);
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
