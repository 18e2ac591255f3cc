import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, codeOf, json } from '../support/http-client.js';
import type { ServerProcess } from '../support/processes.js';
import type { TestKey } from '../support/test-app.js';
import { type House, openHouse, organizationUuid } from './house.js';

/** How many tenants are worked on at the same moment. */
const WORKERS = 12;

/** Every round is one change and a probe on each process; GUARANTEE_SCALE=20 makes a long run of it. */
const SCALE = Number(process.env['GUARANTEE_SCALE'] ?? 2);

interface NewKey {
  id: string;
  token: string;
}

/** Outcomes that a request may have; anything else is a stale answer. */
type Expected = 'ok' | 'KEY_REVOKED' | 'KEY_EXPIRED' | 'PERMISSION_DENIED' | 'ORGANIZATION_SUSPENDED';

const outcomeOf = (answer: Answer): string => codeOf(answer) ?? 'ok';

describe('what a returned change took away, over three processes', () => {
  let house: House;
  let stale: string[];
  let probes = 0;

  beforeAll(async () => {
    house = await openHouse(3);
  });
  afterAll(async () => {
    await house.close();
  });

  const server = (index: number): ServerProcess => {
    const found = house.servers[index % house.servers.length];
    if (!found) throw new Error('no such process');
    return found;
  };
  const list = (at: ServerProcess, token: string) => call(at.url, '/api/v1/campaigns?limit=1', { token });
  const warm = (token: string) => Promise.all(house.servers.map((at) => list(at, token)));

  /** The next request on every process, begun after the change has returned. */
  const probe = async (what: string, token: string, expected: Expected, send = list): Promise<void> => {
    const answers = await Promise.all(house.servers.map((at) => send(at, token)));
    for (const [index, answer] of answers.entries()) {
      probes += 1;
      if (outcomeOf(answer) !== expected)
        stale.push(`${what}: process ${index} answered ${outcomeOf(answer)}`);
    }
  };

  /**
   * Requests on every process from before the change until after it. Each says what it was answered; those begun
   * before the change returned may be answered either way.
   */
  const overlapping = (token: string, before: Expected, after: Expected, what: string) => {
    let running = true;
    const loops = house.servers.map(async (at) => {
      while (running) {
        const outcome = outcomeOf(await list(at, token));
        if (outcome !== before && outcome !== after) stale.push(`${what}: ${outcome} while it was under way`);
      }
    });
    return async () => {
      running = false;
      await Promise.all(loops);
    };
  };

  /** Runs `rounds` of something, WORKERS at a time, and asserts that not one answer was stale. */
  const inRounds = async (
    rounds: number,
    work: (round: number, worker: Worker) => Promise<void>,
  ): Promise<void> => {
    stale = [];
    probes = 0;
    let next = 0;
    await Promise.all(
      workers.map(async (worker) => {
        while (next < rounds) await work(next++, worker);
      }),
    );
    expect(stale).toEqual([]);
    expect(probes).toBeGreaterThanOrEqual(rounds * house.servers.length);
  };

  interface Worker {
    readonly admin: TestKey;
    readonly organization: string;
    /** A key over a role of the organization's own. */
    readonly custom: TestKey;
    readonly roleId: string;
  }
  const workers: Worker[] = [];

  beforeAll(async () => {
    for (let i = 0; i < WORKERS; i++) {
      const admin = await house.app.createKey({ role: 'admin' });
      const organization = organizationUuid(admin.organizationId);
      const roleId = randomUUID();
      await house.app.sql(
        `INSERT INTO roles (id, organization_id, name, grants) VALUES ($1, $2, 'custom', $3)`,
        [roleId, organization, { content: 'read' }],
      );
      const custom = await house.app.createKey({ storeId: admin.storeId, roleId });
      workers.push({ admin, organization, custom, roleId });
    }
    // Thousands of requests an hour would use up the plan's own limit.
    await house.app.sql('UPDATE organizations SET hour_limit = 2147483647');
  });

  const createKey = async (at: ServerProcess, { admin }: Worker): Promise<NewKey> => {
    const answer = await call(at.url, `/api/v1/stores/${admin.storeId}/keys`, {
      method: 'POST',
      token: admin.token,
      body: { name: 'short life', roleId: 'read-write' },
    });
    expect(answer.status).toBe(201);
    return json<NewKey>(answer);
  };

  it(
    'is refused after a revocation through any of them',
    async () => {
      await inRounds(72 * SCALE, async (round, worker) => {
        const at = server(round);
        const key = await createKey(at, worker);
        await warm(key.token);
        const settle =
          round % 4 === 0 ? overlapping(key.token, 'ok', 'KEY_REVOKED', 'revocation') : undefined;
        const revoked = await call(at.url, `/api/v1/keys/${key.id}/revoke`, {
          method: 'POST',
          token: worker.admin.token,
        });
        expect(revoked.status).toBe(200);
        await probe('revocation', key.token, 'KEY_REVOKED');
        await settle?.();
      });
    },
    60_000 * SCALE,
  );

  it(
    'is refused after a rotation without grace, and the new secret works at once',
    async () => {
      await inRounds(24 * SCALE, async (round, worker) => {
        const at = server(round);
        const key = await createKey(at, worker);
        await warm(key.token);
        const settle = round % 4 === 0 ? overlapping(key.token, 'ok', 'KEY_EXPIRED', 'rotation') : undefined;
        const rotated = await call(at.url, `/api/v1/keys/${key.id}/rotate`, {
          method: 'POST',
          token: worker.admin.token,
        });
        expect(rotated.status).toBe(200);
        const { token } = json<NewKey>(rotated);
        await Promise.all([probe('rotation', key.token, 'KEY_EXPIRED'), probe('new secret', token, 'ok')]);
        await settle?.();
        await call(at.url, `/api/v1/keys/${key.id}`, { method: 'DELETE', token: worker.admin.token });
      });
    },
    60_000 * SCALE,
  );

  it(
    'is refused after a role was narrowed, and allowed after it was widened',
    async () => {
      await inRounds(60 * SCALE, async (round, { custom, roleId }) => {
        const grant = (level: string) =>
          house.app.sql('UPDATE roles SET grants = $2 WHERE id = $1', [roleId, { content: level }]);
        await grant('read');
        await probe('wider role', custom.token, 'ok');
        const settle =
          round % 4 === 0 ? overlapping(custom.token, 'ok', 'PERMISSION_DENIED', 'role') : undefined;
        await grant('none');
        await probe('narrower role', custom.token, 'PERMISSION_DENIED');
        await settle?.();
      });
    },
    60_000 * SCALE,
  );

  it(
    'is refused while the organization is suspended, and allowed again after',
    async () => {
      await inRounds(24 * SCALE, async (_round, { admin, organization }) => {
        const set = (status: string) =>
          house.app.sql('UPDATE organizations SET status = $2 WHERE id = $1', [organization, status]);
        await warm(admin.token);
        await set('suspended');
        await probe('suspension', admin.token, 'ORGANIZATION_SUSPENDED');
        await set('active');
        await probe('reactivation', admin.token, 'ok');
      });
    },
    60_000 * SCALE,
  );

  it(
    'is refused under a plan that caps it, and allowed again after',
    async () => {
      const write = async (at: ServerProcess, token: string) => {
        const answer = await call(at.url, '/api/v1/campaigns', { method: 'POST', token, body: {} });
        // A body that is refused is one that was let in.
        return answer.status === 400 ? { ...answer, status: 200 } : answer;
      };
      await inRounds(24 * SCALE, async (_round, { admin, organization }) => {
        const set = (plan: string) =>
          house.app.sql('UPDATE organizations SET plan_id = $2 WHERE id = $1', [organization, plan]);
        await warm(admin.token);
        await set('starter');
        await probe('smaller plan', admin.token, 'PERMISSION_DENIED', write);
        await set('hourly-enterprise');
        await probe('larger plan', admin.token, 'ok', write);
      });
    },
    60_000 * SCALE,
  );

  it('meets a polling interval that was set a moment ago, and none that was lifted', async () => {
    const [worker] = workers;
    if (!worker) throw new Error('There is no worker.');
    const { admin, organization } = worker;
    const set = (seconds: number) =>
      house.app.sql('UPDATE organizations SET poll_seconds = $2 WHERE id = $1', [organization, seconds]);
    for (let round = 0; round < 10; round++) {
      await set(0);
      await warm(admin.token);
      await set(3_600);
      const path = `/api/v1/campaigns?limit=1&page=${round + 1}`;
      const outcomes: string[] = [];
      for (const at of house.servers)
        outcomes.push(outcomeOf(await call(at.url, path, { token: admin.token })));
      expect(outcomes).toEqual(['ok', 'POLLING_TOO_FAST', 'POLLING_TOO_FAST']);
      await set(0);
      // Identical ones, in one batch: none of them has to wait any longer.
      const together = await Promise.all(
        Array.from({ length: 12 }, (_, i) => call(server(i).url, path, { token: admin.token })),
      );
      expect(together.map(outcomeOf)).toEqual(together.map(() => 'ok'));
    }
  });
});
