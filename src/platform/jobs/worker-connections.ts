import pg from 'pg';

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: boolean | Error) => void,
) => void;

/**
 * The worker's connections. The queue's listener gives its connection back twice when that is cut while the
 * worker ends; the pool's complaint would be a rejection that nobody handles, and end the process.
 */
export class WorkerConnections extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super(config);
    // A connection that breaks is replaced; whoever was using it hears so from its own query.
    this.on('error', () => undefined);
    this.on('connect', (client) => client.on('error', () => undefined));
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<pg.PoolClient> | void {
    if (!callback) return super.connect();
    super.connect((error, client, done) => {
      let released = false;
      callback(error, client, (release) => {
        if (released) return;
        released = true;
        done(release);
      });
    });
  }
}
