import pg from 'pg';
import type { ClientConfig, QueryArrayConfig, QueryArrayResult } from 'pg';

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
   */
  constructor(
    private readonly config: ClientConfig,
    private readonly onOpen: (client: pg.Client) => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Runs one statement. Whatever goes wrong with the connection itself makes the next call open a new one. */
  async query(statement: QueryArrayConfig): Promise<QueryArrayResult<unknown[]>> {
    const client = this.client ?? (await this.open());
    return client.query<unknown[]>(statement);
  }

  /** Ends the connection for good. */
  async close(): Promise<void> {
    this.closed = true;
    const client = this.client ?? (await this.opening?.catch(() => undefined));
    this.client = undefined;
    await client?.end();
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
      await this.onOpen(client);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    return client;
  }
}
