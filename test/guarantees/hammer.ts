import { Agent } from 'node:http';
import { type Answer, call } from '../support/http-client.js';

/** What some clients saw, all of them asking as fast as they were answered. */
export interface Seen {
  readonly admitted: number;
  readonly refused: number;
  /** Requests that no answer came to: their process was gone. */
  readonly lost: number;
  /** Admitted ones by the window they were admitted in: its end, in Unix seconds. */
  readonly byWindow: ReadonlyMap<number, number>;
}

export interface HammerOptions {
  /** One per process. */
  readonly urls: readonly string[];
  readonly token: string;
  /** Connections to each process. */
  readonly connections: number;
  /** Requests in all. */
  readonly requests: number;
  /** Told of each answer; the hammer goes on meanwhile. */
  readonly onAnswer?: (answered: number) => void;
}

/** As many as a list has at most. */
const PAGES = 10_000;

/**
 * Hammers processes with requests of one key, one page after the other, until so many were sent. A connection whose
 * process is gone goes on with the next one's.
 * @throws Error for an answer that is neither 200 nor 429
 */
export async function hammer({ urls, token, connections, requests, onAnswer }: HammerOptions): Promise<Seen> {
  const seen = { admitted: 0, refused: 0, lost: 0, byWindow: new Map<number, number>() };
  let sent = 0;
  let answered = 0;
  const note = ({ status, headers, text }: Answer) => {
    answered += 1;
    if (status === 200) {
      const end = Number(headers['x-ratelimit-reset']);
      seen.admitted += 1;
      seen.byWindow.set(end, (seen.byWindow.get(end) ?? 0) + 1);
    } else if (status === 429) seen.refused += 1;
    else throw new Error(`${status}: ${text}`);
    onAnswer?.(answered);
  };
  const client = async (first: number) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let at = first;
    while (sent < requests) {
      const path = `/api/v1/campaigns?limit=1&page=${(++sent % PAGES) + 1}`;
      try {
        note(await call(urls[at % urls.length] ?? '', path, { token, agent }));
      } catch (error) {
        if (!isGone(error)) throw error;
        seen.lost += 1;
        at += 1;
      }
    }
    agent.destroy();
  };
  await Promise.all(urls.flatMap((_, at) => Array.from({ length: connections }, () => client(at))));
  return seen;
}

/** Whether a connection ended without an answer. Node's errors are of another realm than the tests. */
function isGone(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  return ['ECONNRESET', 'ECONNREFUSED', 'EPIPE'].includes(String(error.code));
}
