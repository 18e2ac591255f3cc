import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Calls, uuidOf } from '../keys/key-calls.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';

const RUNS = 60;
const HOUR_MS = 3_600_000;

let app: TestApp;
let calls: Calls;
let admin: TestKey;

beforeAll(async () => {
  // each request seems to come from an address of its own: unknown tokens are counted by address
  app = await startTestApp({ environment: { TRUST_PROXY: '1' } });
  calls = new Calls(app);
  admin = await calls.admin();
  await app.sql('UPDATE organizations SET hour_limit = 2147483647, active_keys_per_store = 2147483647');
});
afterAll(() => app.close());

/** What may happen to a key. The clock passes its end by moving the end behind the database's clock. */
const STEP = fc.constantFrom(
  'rotate',
  'rotate with grace',
  'grace ends',
  'revoke',
  'delete',
  'end later',
  'end never',
  'end has come',
  'rename',
);
type Step = typeof STEP extends fc.Arbitrary<infer T> ? T : never;

/** What a key must be: worked out beside the server, from the rules alone. */
class Model {
  status: 'active' | 'expired' | 'revoked' | 'deleted' = 'active';
  /** Every token it ever had, and whether that is still a secret of it. */
  readonly tokens: { token: string; valid: boolean; inGrace: boolean }[];

  constructor(
    readonly id: string,
    token: string,
  ) {
    this.tokens = [{ token, valid: true, inGrace: false }];
  }

  /** How a request with a token must be answered. */
  answerTo({ valid }: Model['tokens'][number]): string {
    if (this.status === 'deleted') return 'KEY_UNKNOWN';
    if (this.status === 'revoked') return 'KEY_REVOKED';
    return this.status === 'active' && valid ? 'ok' : 'KEY_EXPIRED';
  }
}

let requests = 0;
/** How a token is answered: `ok`, or the code of the refusal. */
async function use(token: string): Promise<string> {
  requests += 1;
  const answer = await calls
    .call<unknown>({ token }, 'get', '/campaigns?limit=1')
    .set('X-Forwarded-For', `10.0.${requests >> 8}.${requests & 255}`);
  return answer.status === 200 ? 'ok' : answer.body.error.code;
}

/** Takes one step at the server and in the model. */
async function take(step: Step, key: Model): Promise<void> {
  const path = `/keys/${key.id}`;
  const is = (status: Model['status']) => key.status === status;
  const expected = (whenActive: number, otherwise: number) =>
    is('deleted') ? 404 : is('active') ? whenActive : otherwise;
  switch (step) {
    case 'rotate':
    case 'rotate with grace': {
      const graceSeconds = step === 'rotate' ? 0 : 3_600;
      const answer = await calls
        .call(admin, 'post', `${path}/rotate`)
        .send({ graceSeconds })
        .expect(expected(200, 409));
      if (answer.status !== 200) return;
      for (const secret of key.tokens) {
        if (graceSeconds === 0) secret.valid = false;
        secret.inGrace = secret.valid;
      }
      key.tokens.push({ token: answer.body.token ?? '', valid: true, inGrace: false });
      return;
    }
    case 'grace ends':
      await app.sql(
        `UPDATE key_secrets SET not_after = gate_clock() - interval '1 millisecond' WHERE key_id = $1 AND not_after > gate_clock()`,
        [uuidOf('key', key.id)],
      );
      for (const secret of key.tokens) if (secret.inGrace) secret.valid = false;
      return;
    case 'revoke':
      await calls.call(admin, 'post', `${path}/revoke`).expect(expected(200, 200));
      if (!is('deleted')) key.status = 'revoked';
      return;
    case 'delete':
      await calls.call(admin, 'delete', path).expect(expected(204, 204));
      key.status = 'deleted';
      return;
    case 'end later':
    case 'end never': {
      const expiresAt = step === 'end never' ? null : new Date(Date.now() + HOUR_MS).toISOString();
      await calls.call(admin, 'patch', path).send({ expiresAt }).expect(expected(200, 409));
      return;
    }
    case 'end has come':
      await app.sql(`UPDATE keys SET expires_at = gate_clock() WHERE id = $1`, [uuidOf('key', key.id)]);
      if (is('active')) key.status = 'expired';
      return;
    case 'rename':
      await calls.call(admin, 'patch', path).send({ name: 'Renamed' }).expect(expected(200, 200));
  }
}

describe('whatever happens to a key, in whatever order,', () => {
  it('revoked and expired keys never come back, deleted ones never authenticate, ended secrets stay ended', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 1, maxLength: 10 }), async (steps) => {
        const { id, token } = await calls.create(admin);
        const key = new Model(id, token);
        for (const step of steps) {
          await take(step, key);
          const answers = await Promise.all(key.tokens.map((secret) => use(secret.token)));
          expect([step, answers]).toEqual([step, key.tokens.map((secret) => key.answerTo(secret))]);
        }
        const shown = await calls.call(admin, 'get', `/keys/${id}`);
        expect(shown.status === 404 ? 'deleted' : shown.body.status).toBe(key.status);
      }),
      { numRuns: RUNS },
    );
  });
});
