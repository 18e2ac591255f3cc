import { randomUUID } from 'node:crypto';
import type { LogRow } from '../../src/audit/log-row.js';
import { newUuid } from '../../src/platform/ids/index.js';

const AGENTS = [
  'shop-sync/2.4.1 (+https://shop.example/bot)',
  'python-requests/2.32.3',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
];

interface Caller {
  readonly organization: string;
  readonly store: string;
  readonly key: string;
  readonly secret: string;
  readonly role: string;
}

/** Makes rows as the gate does for the requests of some keys: lists, single campaigns, now and then a refusal. */
export function rowMaker(keys: number): () => LogRow {
  const callers: Caller[] = Array.from({ length: keys }, () => ({
    organization: randomUUID(),
    store: randomUUID(),
    key: randomUUID(),
    secret: randomUUID(),
    role: randomUUID(),
  }));
  let made = 0;
  return () => {
    const n = made++;
    const caller = callers[n % keys];
    const refused = n % 20 === 0;
    const single = n % 3 === 0;
    return {
      at: Date.now(),
      request_id: newUuid(),
      organization_id: caller?.organization ?? null,
      store_id: caller?.store ?? null,
      key_id: caller?.key ?? null,
      key_name: `Integration ${n % keys}`,
      key_preview: 'gate_live_k3Jd…9xQa',
      secret_id: caller?.secret ?? null,
      member_id: null,
      role_id: caller?.role ?? null,
      role_version: 3,
      method: 'GET',
      route: single ? '/api/v1/campaigns/:id' : '/api/v1/campaigns',
      operation: single ? 'getCampaign' : 'listCampaigns',
      path: single ? '/api/v1/campaigns/cmp_01k0b3w2f7e1rt5m8v9xq4zj6d' : '/api/v1/campaigns',
      query: single ? null : 'limit=20&sortBy=createdAt&status=active',
      resource: 'content.campaigns',
      level: 'read',
      effective_level: refused ? 'none' : 'write',
      status: refused ? 403 : 200,
      answered: refused ? 403 : 200,
      outcome: 'answered',
      error_code: refused ? 'PERMISSION_DENIED' : null,
      reason: refused ? 'content.campaigns needs read; the key has none' : null,
      ip: `10.1.${n % 200}.${n % 250}`,
      user_agent: AGENTS[n % AGENTS.length] ?? null,
      client_request_id: null,
      duration_micros: 1_200 + (n % 5_000),
      response_bytes: 1_834,
      quota_charged: refused ? 0 : 1,
      replayed: false,
      occurrences: 1,
      completes: null,
    };
  };
}
