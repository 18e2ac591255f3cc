import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RouteInventory } from '../../src/gate/index.js';
import { fromPublicId, newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, type Call, type ErrorAnswer, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { brokenBody, headerValue, hostileValue, jsonText, nameAmong, pathPiece } from './hostile.js';

/** FUZZ_SEED repeats a run, FUZZ_RUNS lengthens one. */
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_122);
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 0);
/** Inputs of each kind, shared out among the operations however many there are. */
const INPUTS_OF_A_KIND = 200;

const FIELDS = [
  'name',
  'roleId',
  'permissions',
  'expiresIn',
  'expiresAt',
  'ipAllowlist',
  'metadata',
  'graceSeconds',
  'reason',
  'description',
  'status',
  'platform',
  'objective',
  'budgetCents',
  'currency',
  'startDate',
  'endDate',
  'tags',
  'email',
  'password',
  'token',
];
const PARAMETERS = [
  'search',
  'roleId',
  'page',
  'limit',
  'cursor',
  'sortBy',
  'sortOrder',
  'status',
  'platform',
  'startDate',
  'endDate',
];
const READ_HEADERS = [
  'Accept',
  'Accept-Language',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'User-Agent',
  'X-Request-Id',
  'X-CSRF-Token',
  'X-Forwarded-For',
  'Cookie',
  'Origin',
  'Range',
  'If-Modified-Since',
];

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly name: string;
  /** Operators alone may use it: they have a session, and no key. */
  readonly operatorOnly: boolean;
  /** It takes a form, and no JSON of any size. */
  readonly multipart: boolean;
}

describe('bad input', () => {
  let app: TestApp;
  let key: TestKey;
  let victim: TestKey;
  let session: Record<string, string>;

  beforeAll(async () => {
    app = await startTestApp();
    key = await app.createKey({ role: 'admin' });
    victim = await app.createKey({ storeId: key.storeId });
    await app.sql('UPDATE organizations SET hour_limit = 2147483647, active_keys_per_store = 1000000');
    const { cookie, csrfToken } = await app.signIn();
    session = { Cookie: cookie, 'X-CSRF-Token': csrfToken };
  });
  afterAll(async () => {
    await app.close();
  });

  const operations = (): Operation[] =>
    app
      .get(RouteInventory)
      .list()
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path, declaration }) => ({
        method,
        path,
        name: `${method} ${path}`,
        operatorOnly: declaration.operatorOnly,
        multipart: declaration.multipart,
      }));
  const runsEach = () => RUNS || Math.max(3, Math.round(INPUTS_OF_A_KIND / operations().length));
  /** The path with ids that name something, so that the input is what is looked at. */
  const target = ({ path }: Operation): string =>
    path
      .replace(':storeId', key.storeId)
      .replace(':id', path.includes('keys') ? victim.id : toPublicId('campaign', newUuid()));

  /** Whoever is let in as far as the handler. */
  const as = ({ operatorOnly }: Operation, headers: Record<string, string> = {}): Call =>
    operatorOnly ? { token: undefined, headers: { ...session, ...headers } } : { headers };

  const changes = async (): Promise<number> => {
    const [row] = await app.sql<{ count: number }>('SELECT count(*)::integer AS count FROM change_log');
    return row?.count ?? 0;
  };

  /** Sends it; asserts the shape of a refusal, that it changed nothing, and that it has its one row. */
  const sent = async (path: string, options: Call): Promise<Answer> => {
    const before = await changes();
    const answer = await call(app.url, path, { token: key.token, ...options });
    const what = `${options.method ?? 'GET'} ${path.slice(0, 120)} -> ${answer.status} ${answer.text.slice(0, 200)}`;
    const id = answer.headers['x-request-id'];
    if (id === undefined) {
      // The HTTP parser's own refusal, before there is a request.
      expect([what, [400, 431].includes(answer.status)]).toEqual([what, true]);
      return answer;
    }
    expect([what, answer.status < 500]).toEqual([what, true]);
    if (answer.status >= 400) {
      expect([what, await changes()]).toEqual([what, before]);
      if (options.method !== 'HEAD' && !/problem/.test(String(answer.headers['content-type']))) {
        const { error } = json<ErrorAnswer>(answer);
        expect([what, typeof error.code, typeof error.message, error.requestId]).toEqual([
          what,
          'string',
          'string',
          id,
        ]);
      }
    }
    const rows = await app.sql<{ status: number }>(
      'SELECT status FROM request_log WHERE request_id = $1 AND completes IS NULL',
      [fromPublicId('request', id)],
    );
    expect([what, rows]).toEqual([what, [{ status: answer.status }]]);
    return answer;
  };

  const forAll = async <T>(
    arbitrary: fc.Arbitrary<T>,
    work: (value: T) => Promise<void>,
    runs = runsEach(),
  ): Promise<void> => fc.assert(fc.asyncProperty(arbitrary, work), { seed: SEED, numRuns: runs });

  it('in the fields of a body is a refusal in the one shape, on every operation', async () => {
    const fields = fc.array(fc.tuple(nameAmong(FIELDS), hostileValue), { minLength: 1, maxLength: 4 });
    for (const operation of operations()) {
      await forAll(fields, async (entries) => {
        await sent(target(operation), {
          ...as(operation),
          method: operation.method,
          body: jsonText(entries),
        });
      });
    }
  });

  it('as a body that is no JSON object is a refusal, on every operation', async () => {
    for (const operation of operations()) {
      await forAll(brokenBody, async ({ body, headers }) => {
        await sent(target(operation), { ...as(operation, headers), method: operation.method, body });
      });
    }
  });

  it('in a query is a refusal, on every operation', async () => {
    const pair = fc.tuple(
      nameAmong(PARAMETERS),
      fc.oneof(hostileValue.map(String), fc.constantFrom('1', '-1', '1e9', '%', '%ff', '%00', '+')),
    );
    const query = fc.array(pair, { minLength: 1, maxLength: 4 }).map((pairs) =>
      pairs
        .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
        .join('&')
        .slice(0, 7_000),
    );
    for (const operation of operations()) {
      await forAll(query, async (text) => {
        await sent(`${target(operation)}?${text}`, { ...as(operation), method: operation.method });
      });
    }
  });

  it('in a path is a refusal, on every operation', async () => {
    for (const operation of operations().filter(({ path }) => path.includes(':'))) {
      await forAll(fc.tuple(pathPiece, pathPiece), async ([store, id]) => {
        const path = operation.path.replace(':storeId', store).replace(':id', id);
        const body = operation.method === 'GET' ? undefined : {};
        await sent(path, { ...as(operation), method: operation.method, body });
      });
    }
    await forAll(
      fc.array(pathPiece, { maxLength: 5 }),
      async (pieces) => {
        await sent(`/api/v1/${pieces.join('/')}`, {});
      },
      60,
    );
  });

  it('in a header is a refusal or no matter, on every operation', async () => {
    const headers = fc.dictionary(fc.constantFrom(...READ_HEADERS), headerValue, { minKeys: 1, maxKeys: 4 });
    for (const operation of operations()) {
      await forAll(headers, async (given) => {
        await sent(target(operation), { ...as(operation, given), method: operation.method });
      });
    }
  });

  it('as an odd Authorization is a 401', async () => {
    await forAll(
      headerValue,
      async (value) => {
        const answer = await sent('/api/v1/campaigns', {
          token: undefined,
          headers: { Authorization: value },
        });
        // Too many failures from one address are told apart from the failures.
        expect([401, 429]).toContain(answer.status);
      },
      60,
    );
  });

  it('of ten megabytes is a 413, or is not read at all', async () => {
    const body = Buffer.from(`{"name":"${'a'.repeat(10_000_000)}"}`);
    // Signing in counts its failures, and takes less than a key's routes do.
    for (const operation of operations()) {
      const answer = await sent(target(operation), { ...as(operation), method: operation.method, body });
      expect([operation.name, answer.status]).toEqual([operation.name, operation.multipart ? 415 : 413]);
    }
  });

  it('of huge headers or addresses is refused', async () => {
    const long = await sent('/api/v1/campaigns', { headers: { 'X-Long': 'a'.repeat(40_000) } });
    expect(long.status).toBe(431);
    expect((await sent(`/api/v1/campaigns?cursor=${'a'.repeat(9_000)}`, {})).status).toBe(414);
  });

  it('as a name that JavaScript keeps for itself changes nothing of ours', async () => {
    const body =
      '{"name":"a","platform":"email","__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    expect((await sent('/api/v1/campaigns', { method: 'POST', body })).status).toBe(400);
    expect((await sent('/api/v1/campaigns?__proto__[polluted]=1&constructor=2', {})).status).toBe(400);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });
});

/** Escaped where it must be; what is half an escape stays one. */
function escaped(text: string): string {
  if (/^%[0-9a-f]{0,2}$|^\+$/.test(text)) return text;
  return encodeURIComponent(text.toWellFormed());
}
