import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Answer, call, codeOf, json } from '../support/http-client.js';
import type { ServerProcess } from '../support/processes.js';
import type { TestKey } from '../support/test-app.js';
import { type House, openHouse } from './house.js';

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
    /** A key over a role of the organization's own. */
    readonly custom: NewKey;
    readonly roleId: string;
  }
  const workers: Worker[] = [];

  beforeAll(async () => {
    // Thousands of requests an hour would use up the plan's own limit.
    await house.app.sql(`UPDATE plans SET hour_limit = NULL, day_limit = NULL, poll_seconds = NULL`);
    for (let i = 0; i < WORKERS; i++) {
      const admin = await house.app.createKey({ role: 'admin' });
      const role = await change(server(i), '/roles', admin, { name: 'custom', grants: { content: 'read' } });
      const roleId = json<{ id: string }>(role).id;
      workers.push({ admin, roleId, custom: await createKey(server(i), admin, roleId) });
    }
  });

  /** Changes something as its key, through one of the processes. */
  const change = async (
    at: ServerProcess,
    path: string,
    { token }: TestKey,
    body: object,
    method = 'POST',
  ): Promise<Answer> => {
    const answer = await call(at.url, `/api/v1${path}`, { method, token, body });
    expect([path, answer.status < 300]).toEqual([path, true]);
    return answer;
  };

  /** Changes a worker's organization as the operator, through the process of that number. */
  const changeOrganization = async (round: number, { admin }: Worker, body: object): Promise<void> => {
    const headers = house.operator[round % house.operator.length] ?? {};
    const path = `/api/v1/organizations/${admin.organizationId}`;
    const answer = await call(server(round).url, path, { method: 'PATCH', headers, body });
    expect(answer.status).toBe(200);
  };

  const createKey = async (at: ServerProcess, admin: TestKey, roleId = 'read-write'): Promise<NewKey> =>
    json<NewKey>(await change(at, `/stores/${admin.storeId}/keys`, admin, { name: 'short life', roleId }));

  it(
    'is refused after a revocation through any of them',
    async () => {
      await inRounds(72 * SCALE, async (round, worker) => {
        const at = server(round);
        const key = await createKey(at, worker.admin);
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
        const key = await createKey(at, worker.admin);
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
      await inRounds(60 * SCALE, async (round, { admin, custom, roleId }) => {
        const grant = (level: string) =>
          change(server(round), `/roles/${roleId}`, admin, { grants: { content: level } }, 'PATCH');
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
      await inRounds(24 * SCALE, async (round, worker) => {
        const { admin } = worker;
        const set = (status: string) => changeOrganization(round, worker, { status });
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
      await inRounds(24 * SCALE, async (round, worker) => {
        const { admin } = worker;
        const set = (plan: string) => changeOrganization(round, worker, { plan });
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
    const { admin } = worker;
    for (let round = 0; round < 10; round++) {
      const set = (pollSeconds: number | null) =>
        changeOrganization(round, worker, { limits: { pollSeconds } });
      await set(null);
      await warm(admin.token);
      await set(3_600);
      const path = `/api/v1/campaigns?limit=1&page=${round + 1}`;
      const outcomes: string[] = [];
      for (const at of house.servers)
        outcomes.push(outcomeOf(await call(at.url, path, { token: admin.token })));
      expect(outcomes).toEqual(['ok', 'POLLING_TOO_FAST', 'POLLING_TOO_FAST']);
      await set(null);
      // Identical ones, in one batch: none of them has to wait any longer.
      const together = await Promise.all(
        Array.from({ length: 12 }, (_, i) => call(server(i).url, path, { token: admin.token })),
      );
      expect(together.map(outcomeOf)).toEqual(together.map(() => 'ok'));
    }
  });
});
