import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const LOOK_EVERY_MS = 50;

/** How long the connections of a server that closes may last, in milliseconds from then on. */
export interface DrainLimits {
  /** Those over which no request is under way; one may just be arriving. */
  readonly unaskedMs: number;
  /** Those with a request under way, which may never come to its end. */
  readonly askedMs: number;
}

const LIMITS: DrainLimits = { unaskedMs: 1_000, askedMs: 15_000 };

/**
 * Lets a server that was told to close end soon: what is under way is answered, and then its connection is closed,
 * however much its client would still like to ask over it. Without this a busy keep-alive connection keeps the
 * process for ever; and so does one that never says anything, or stops in the middle of a request, since Node ends
 * its own time limits when a server closes.
 */
export function drainOnClose(server: Server, { unaskedMs, askedMs }: DrainLimits = LIMITS): void {
  const connections = new Set<Socket>();
  /** The latest answer of each connection; those before it have left when it has. */
  const answers = new WeakMap<Socket, ServerResponse>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    answers.set(request.socket, response);
    if (!server.listening) response.shouldKeepAlive = false;
  };
  for (const event of ['request', 'checkContinue', 'checkExpectation']) server.prependListener(event, begin);

  const endUnasked = () => {
    for (const socket of connections) if (answers.get(socket)?.writableFinished !== false) socket.destroy();
  };
  let closing = false;
  const close = server.close.bind(server);
  server.close = (done) => {
    if (!closing) {
      closing = true;
      // Told to those who wait for their answer too: they must not ask again over a connection that ends.
      for (const socket of connections) {
        const answer = answers.get(socket);
        if (answer) answer.shouldKeepAlive = false;
      }
      const begun = performance.now();
      const watch = setInterval(() => {
        const passed = performance.now() - begun;
        if (passed >= askedMs) server.closeAllConnections();
        else if (passed >= unaskedMs) endUnasked();
        // Connections that fall idle only after this are closed as they do.
        else server.closeIdleConnections();
      }, LOOK_EVERY_MS);
      server.once('close', () => clearInterval(watch));
    }
    return close(done);
  };
}
