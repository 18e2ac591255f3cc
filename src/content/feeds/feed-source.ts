import { Inject, Injectable } from '@nestjs/common';
import { JobFailed, RunFailed, type RunningJob } from '../../jobs/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { faultsOf, InvalidInput } from '../../platform/errors/index.js';
import { readInput } from '../../platform/http/input/index.js';
import {
  assertTarget,
  isFinalRefusal,
  Outbound,
  type OutboundResult,
} from '../../platform/outbound/index.js';
import { FeedInput, MOST_FEED_CHARACTERS } from './feed-input.js';

const TIMEOUT_MS = 60_000;
const MOST_REDIRECTS = 3;

/** Where feeds come from: out of the order itself, or from an address that it names. */
@Injectable()
export class FeedSource {
  private readonly allowPrivate: boolean;
  private readonly outbound: Outbound;

  constructor(@Inject(CONFIG) { webhookAllowPrivate: allowPrivate }: Config) {
    this.allowPrivate = allowPrivate;
    this.outbound = new Outbound({ allowPrivate, timeoutMs: TIMEOUT_MS });
  }

  /** That an order has its feed or says where it is. @throws InvalidInput */
  check({ content, url }: FeedInput): void {
    if (content === undefined && url === undefined) {
      throw new InvalidInput([{ field: 'content', reason: 'is required, or url' }]);
    }
    if (content !== undefined && url !== undefined) {
      throw new InvalidInput([{ field: 'url', reason: 'must not be there beside content' }]);
    }
    if (url !== undefined) assertTarget(url, this.allowPrivate);
  }

  /**
   * The feed's text. What is fetched is kept with the job, so that all its runs go by the same rows.
   * @throws RunFailed, JobFailed `FEED_UNREACHABLE`; JobFailed `FEED_UNREADABLE` for what is no text, or too much
   */
  async read(job: RunningJob<FeedInput, object>): Promise<string> {
    const { content, url, format } = job.input;
    if (content !== undefined) return content;
    if (url === undefined) throw unreadable('There is neither a feed nor an address of one.');
    const text = textOf(await this.fetch(url));
    const taken = faultsOf(() => readInput(FeedInput, { format, content: text }, 'body'));
    if ('faults' in taken) throw unreadable(`The feed ${taken.faults[0].reason}.`);
    await job.step(() => Promise.resolve({ done: 0, content: text }));
    return text;
  }

  private async fetch(address: string, redirects = 0): Promise<Buffer> {
    const headers = { accept: 'text/csv, application/json, */*;q=0.1', 'user-agent': 'Gatehouse-Feeds/1' };
    const result = await this.outbound.get(address, headers, MOST_FEED_CHARACTERS);
    if (result.kind === 'failed') throw unreachable(result);
    const { status, location, whole, body } = result;
    if (status >= 300 && status < 400 && location !== undefined) {
      const next = URL.parse(location, address);
      if (next && redirects < MOST_REDIRECTS) return this.fetch(next.href, redirects + 1);
      throw new JobFailed('FEED_UNREACHABLE', 'The address of the feed redirects too often.');
    }
    if (status !== 200) {
      const isFinal = status < 300 || isFinalRefusal(status);
      throw new (isFinal ? JobFailed : RunFailed)(
        'FEED_UNREACHABLE',
        `The address of the feed answered ${status}.`,
      );
    }
    if (!whole) throw unreadable(`The feed has more than ${MOST_FEED_CHARACTERS} bytes.`);
    return body;
  }
}

function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('The feed is not UTF-8.');
  }
}

/** What an address is not allowed to be stays so; what does not answer may do so later. */
function unreachable({ reason, message }: OutboundResult & { kind: 'failed' }): RunFailed {
  const isFinal = reason === 'address_invalid' || reason === 'address_refused';
  return new (isFinal ? JobFailed : RunFailed)('FEED_UNREACHABLE', `The feed was not fetched: ${message}`);
}

const unreadable = (message: string) => new JobFailed('FEED_UNREADABLE', message);
