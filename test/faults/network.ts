import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { parseIntoClientConfig } from 'pg-connection-string';

/** A wire between the server and PostgreSQL that can be cut: then nothing comes through, and nobody is told. */
export interface Wire {
  /** The database's URL by way of the wire. */
  readonly url: string;
  cut(): void;
  /** New connections come through again; those from before stay dead, as after a failover. */
  mend(): void;
  /**
   * Statements of the connections with this name still arrive; their answers do not. Undone by `hangUp`.
   * @param name a part of the application name
   */
  swallowAnswersTo(name: string): void;
  /** Ends every connection; whoever connects anew comes through. */
  hangUp(): void;
  close(): Promise<void>;
}

/** Lays it before a database on a unix socket. */
export async function layWire(databaseUrl: string): Promise<Wire> {
  const { host, port, user, password, database } = parseIntoClientConfig(databaseUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  let swallowed: string | undefined;
  const server = createServer((near) => {
    sockets.add(near.on('error', () => undefined));
    if (isCut) return;
    const far = connect(`${host ?? ''}/.s.PGSQL.${port ?? 5432}`);
    sockets.add(far.on('error', () => undefined));
    // The start-up message tells the name, in plain.
    let name = '';
    near.once('data', (first: Buffer) => (name = first.toString('latin1')));
    near.pipe(far);
    far.on('data', (answer: Buffer) => {
      if (swallowed === undefined || !name.includes(swallowed)) near.write(answer);
    });
    far.on('end', () => near.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `postgresql://${encodeURIComponent(user ?? '')}:${encodeURIComponent(String(password))}@127.0.0.1:${own}/${database ?? ''}`,
    cut: () => {
      isCut = true;
      for (const socket of sockets) socket.unpipe().removeAllListeners('data').pause();
    },
    swallowAnswersTo: (name) => {
      swallowed = name;
    },
    hangUp: () => {
      swallowed = undefined;
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    },
    mend: () => {
      isCut = false;
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
