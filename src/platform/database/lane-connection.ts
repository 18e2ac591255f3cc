import pg from 'pg';
import type { ClientConfig, QueryArrayConfig, QueryArrayResult } from 'pg';

/**
 * How long a statement may go unanswered. PostgreSQL ends a lane's statement before that by its own time limit, so
 * what is later is not slow: the way there is cut, which nothing else would tell for a quarter of an hour.
 */
const SILENCE_MS = 6_000;
/** How long a last goodbye may take. */
const GOODBYE_MS = 1_000;

/**
 * One connection of a lane's own, opened when first needed and again after it was lost. A lane never shares
 * its connection, so that nothing else can stand in its way.
 */
export class LaneConnection {
  private client: pg.Client | undefined;
  private opening: Promise<pg.Client> | undefined;
  private closed = false;

  /**
   * @param config how to connect
   * @param onOpen runs on each new connection before its first statement
   * @param silenceMs how long a statement may go unanswered; more than the server's own limit for it
   */
  constructor(
    private readonly config: ClientConfig,
    private readonly onOpen: (client: pg.Client) => Promise<void> = () => Promise.resolve(),
    private readonly silenceMs: number = SILENCE_MS,
  ) {}

  /** Runs one statement. Whatever goes wrong with the connection itself makes the next call open a new one. */
  async query(statement: QueryArrayConfig): Promise<QueryArrayResult<unknown[]>> {
    const client = this.client ?? (await this.open());
    return this.unlessSilent(client, client.query<unknown[]>(statement));
  }

  /** Opens the connection where there is none: `onOpen` has run on the one that the next statement takes. */
  async ready(): Promise<void> {
    if (!this.client) await this.open();
  }

  /** Ends the connection for good. */
  async close(): Promise<void> {
    this.closed = true;
    const client = this.client ?? (await this.opening?.catch(() => undefined));
    this.client = undefined;
    if (client) await settledWithin(GOODBYE_MS, client.end());
  }

  /** Breaks the connection off when no answer comes; what waits for it fails with it. */
  private async unlessSilent<T>(client: pg.Client, answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      if (this.client === client) this.client = undefined;
      // with a statement under way this destroys the socket
      client.end().catch(() => undefined);
    }, this.silenceMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  private open(): Promise<pg.Client> {
    if (this.closed) return Promise.reject(new Error('Connection terminated: the lane is closed'));
    this.opening ??= this.connect().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client(this.config);
    const forget = () => {
      if (this.client === client) this.client = undefined;
    };
    client.on('error', forget);
    client.on('end', forget);
    try {
      await client.connect();
      await this.unlessSilent(client, this.onOpen(client));
    } catch (error) {
      await settledWithin(
        GOODBYE_MS,
        client.end().catch(() => undefined),
      );
      throw error;
    }
    this.client = client;
    return client;
  }
}

/** Waits for something that ends by itself, and no longer than that. */
async function settledWithin(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, milliseconds);
  await Promise.race([work, limit.promise]).finally(() => clearTimeout(timer));
}
