import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { LoggedRequest } from './log-rows.js';

export interface StreamedEvent {
  readonly id: string;
  readonly row: LoggedRequest | null;
}

export interface StreamOptions {
  readonly token?: string;
  readonly cookie?: string;
  readonly lastEventId?: string;
}

/** A reader of server-sent events. */
export class EventStream {
  readonly events: StreamedEvent[] = [];
  /** Settles when the stream has ended, whoever ended it. */
  readonly ended: Promise<void>;
  private rest = '';
  private told: () => void = () => undefined;

  private constructor(
    private readonly outgoing: ClientRequest,
    readonly answer: IncomingMessage,
  ) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.ended = promise;
    answer.setEncoding('utf8').on('data', (text: string) => this.read(text));
    answer.once('close', resolve).on('error', () => undefined);
  }

  /** Resolves with the first bytes of the stream. @throws where the answer is no stream, with its text */
  static open(
    url: string,
    query: string,
    { token, cookie, lastEventId }: StreamOptions,
  ): Promise<EventStream> {
    const headers = {
      Accept: 'text/event-stream',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(`${url}/api/v1/audit/requests/tail?${query}`, { headers, agent: false });
      outgoing.once('error', reject).once('response', (answer) => {
        outgoing.on('error', () => undefined);
        const stream = new EventStream(outgoing, answer);
        if (answer.statusCode === 200) answer.once('data', () => resolve(stream));
        else answer.once('end', () => reject(new Error(`${answer.statusCode} ${stream.rest}`)));
      });
      outgoing.end();
    });
  }

  get rows(): LoggedRequest[] {
    return this.events.flatMap(({ row }) => (row ? [row] : []));
  }

  get ids(): string[] {
    return this.rows.map(({ requestId }) => requestId);
  }

  /** Until the rows are as they should be. */
  async until(holds: (rows: LoggedRequest[]) => boolean): Promise<void> {
    while (!holds(this.rows)) {
      await Promise.race([
        new Promise<void>((resolve) => (this.told = resolve)),
        this.ended.then(() => {
          throw new Error(`the stream ended after ${this.events.length} events`);
        }),
      ]);
    }
  }

  close(): void {
    this.outgoing.destroy();
  }

  private read(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const [id, data] = [field('id'), field('data')];
      if (id === undefined) continue;
      this.events.push({ id, row: data === undefined ? null : (JSON.parse(data) as LoggedRequest) });
    }
    this.told();
  }
}
