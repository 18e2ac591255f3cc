import type { Server } from 'node:http';

/**
 * How long a connection may wait for its next request, in milliseconds. Longer than the proxies and pooled clients in
 * common use keep theirs (60 s): whoever sends must be the one who lets go, or it sends into a connection that is
 * being closed, and cannot tell whether it was heard.
 */
const KEEP_IDLE_MS = 75_000;

/** Keeps idle connections longer than those who reuse them do. */
export function keepIdleConnections(server: Server): void {
  server.keepAliveTimeout = KEEP_IDLE_MS;
  // A connection that was opened ahead is idle too; until its first request this bounds it.
  server.headersTimeout = KEEP_IDLE_MS;
}
