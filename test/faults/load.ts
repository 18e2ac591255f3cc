import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, call, type Call } from '../support/http-client.js';
import type { Witness } from './witness.js';

/** A request, and what follows from its answer. */
export interface Planned extends Call {
  readonly path: string;
  readonly next?: (answer: Answer) => Planned | undefined;
}

/** One of each kind of answer: 200, 201, 404, 401, 403, 400. */
export function mixedRequests(token: string, storeId: string): readonly Planned[] {
  return [
    { path: '/api/v1/campaigns?limit=3', token },
    { path: '/api/v1/campaigns', method: 'POST', token, body: { name: 'Under load', platform: 'email' } },
    { path: '/api/v1/campaigns/cmp_01k0b3w2f7e1rt5m8v9xq4zj6d', token },
    { path: '/api/v1/campaigns' },
    { path: `/api/v1/stores/${storeId}/keys`, method: 'POST', token, body: { name: 'no', roleId: 'admin' } },
    { path: '/api/v1/campaigns', method: 'POST', token, body: '{"name":' },
    { path: '/api/v1/me', token },
  ];
}

/** Requests on many connections, until told to stop. */
export interface Load {
  /** Settles when every connection has ended its last request. */
  stop(): Promise<void>;
  /** Requests whose connection broke. */
  readonly broken: () => number;
}

/** Starts it; whatever breaks is tried again on a new connection. */
export function startLoad(
  url: string,
  requests: readonly Planned[],
  connections: number,
  witness: Witness,
): Load {
  let running = true;
  let broken = 0;
  const loops = Array.from({ length: connections }, async (_, lane) => {
    let agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = lane; running; turn++) {
      let planned = requests[turn % requests.length];
      try {
        while (planned) {
          const answer: Answer = await call(url, planned.path, { ...planned, agent, onHead: witness.saw });
          planned = planned.next?.(answer);
        }
      } catch {
        broken += 1;
        agent.destroy();
        agent = new Agent({ keepAlive: true, maxSockets: 1 });
        await pause(10);
      }
    }
    agent.destroy();
  });
  return {
    broken: () => broken,
    stop: async () => {
      running = false;
      await Promise.all(loops);
    },
  };
}
