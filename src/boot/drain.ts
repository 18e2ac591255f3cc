import type { Server } from 'node:http';

const LOOK_EVERY_MS = 50;

/**
 * Lets a server that was told to close end soon: what is under way is answered, and then its connection is closed,
 * however much its client would still like to ask over it. Without this a busy keep-alive connection keeps the
 * process for ever.
 */
export function drainOnClose(server: Server): void {
  let watch: NodeJS.Timeout | undefined;
  server.prependListener('request', (_request, response) => {
    if (!server.listening) response.shouldKeepAlive = false;
  });
  const close = server.close.bind(server);
  server.close = (done) => {
    // Connections that fall idle only after this are closed as they do.
    watch ??= setInterval(() => server.closeIdleConnections(), LOOK_EVERY_MS);
    server.once('close', () => clearInterval(watch));
    return close(done);
  };
}
