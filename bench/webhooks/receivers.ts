import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver that notes when an event came first. */
export interface BenchReceiver {
  readonly url: string;
  /** By `performance.now()`, by event. */
  readonly cameAt: Map<string, number>;
  close(): void;
}

/** @param hangs it never answers */
export async function startReceiver({ hangs = false } = {}): Promise<BenchReceiver> {
  const cameAt = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const id = String(request.headers['webhook-id']);
    if (!cameAt.has(id)) cameAt.set(id, performance.now());
    request.resume();
    if (!hangs) request.once('end', () => response.writeHead(204).end());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    cameAt,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
