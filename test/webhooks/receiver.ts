import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { secretText } from '../../src/platform/outbound/index.js';

/** A message as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly payload: {
    readonly id: string;
    readonly type: string;
    readonly sequence: number;
    readonly subjectId: string;
    readonly data: Record<string, unknown>;
  };
}

/** What a receiver answers; undefined: it never does. */
export type Answering = (received: Received, response: ServerResponse) => void;

/** A receiver of webhooks on this machine. */
export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** From now on; at first it answers 204. */
  answers(answering: Answering): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  let answering: Answering = (_received, response) => response.writeHead(204).end();
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const message: Received = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        payload: JSON.parse(body) as Received['payload'],
      };
      received.push(message);
      answering(message, response);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    answers: (how) => (answering = how),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As a receiver checks it, by somebody else's package. @throws where it does not hold */
export function verified({ body, headers }: Received, secret: Buffer): unknown {
  return new Webhook(secretText(secret)).verify(body, headers as Record<string, string>);
}
