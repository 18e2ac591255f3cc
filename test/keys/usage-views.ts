import { type Caller, type Calls } from './key-calls.js';

export interface Use {
  requests: number;
  charged: number;
}

export interface WindowView {
  window: string;
  limit: number;
  used: number;
  remaining: number;
  resetsAt: string;
  projectedExhaustionAt: string | null;
}

export interface KeyUsageView {
  at: string;
  plan: { id: string; name: string };
  subject: { kind: string; id: string; name: string };
  pollSeconds: number;
  windows: WindowView[];
  from: string;
  to: string;
  granularity: string;
  totals: Use;
  series: (Use & { from: string })[];
  key: { id: string; name: string | null; storeId: string; status: string };
}

export interface UsageView extends KeyUsageView {
  stores: (Use & { id: string; name: string; kind: string })[];
  hasMoreStores: boolean;
  keys: {
    data: (Use & {
      id: string;
      name: string | null;
      storeId: string;
      status: string;
      windows: WindowView[];
    })[];
    hasMore: boolean;
  };
}

/** `GET /usage`, which succeeds. */
export const usageOf = async (calls: Calls, by: Caller, query = ''): Promise<UsageView> =>
  (await calls.call<UsageView>(by, 'get', `/usage${query}`).expect(200)).body;

/** `GET /keys/:id/usage`, which succeeds. */
export const keyUsageOf = async (calls: Calls, by: Caller, id: string, query = ''): Promise<KeyUsageView> =>
  (await calls.call<KeyUsageView>(by, 'get', `/keys/${id}/usage${query}`).expect(200)).body;

export const sum = (uses: readonly Use[]): Use => ({
  requests: uses.reduce((total, { requests }) => total + requests, 0),
  charged: uses.reduce((total, { charged }) => total + charged, 0),
});
