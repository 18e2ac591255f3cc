import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isSignedBy, publicKeyOf } from '../../src/audit/evidence/ed25519.js';
import { call, codeOf, json } from '../support/http-client.js';
import type { TestKey } from '../support/test-app.js';
import { auditedLog, type AuditedLog } from './audited-log.js';
import { allOf } from './log-rows.js';

interface Checkpoint {
  readonly no: number;
  readonly root: string;
  readonly prev: string;
  readonly hash: string;
  readonly canonical: string;
  readonly signature: string;
  readonly signingKey: string;
  readonly published: readonly { kind: string; at: string; place?: string }[];
}

interface Key {
  readonly id: string;
  readonly publicKey: string;
  readonly endorsedBy: string | null;
  readonly endorsement: string | null;
  readonly canonical: string;
}

let log: AuditedLog;
let reader: TestKey;
beforeAll(async () => {
  log = await auditedLog();
  reader = await log.app.createKey({ role: 'admin' });
});
afterAll(() => log.close());

const get = (path: string, token = reader.token) => call(log.app.url, `/api/v1/audit/${path}`, { token });
const asMember = async (path: string) => {
  const { cookie } = await log.app.signIn();
  return call(log.app.url, `/api/v1/audit/${path}`, { headers: { cookie } });
};

const publicKeyWith = (keys: readonly Key[], id: string | null) =>
  publicKeyOf(Buffer.from(keys.find((key) => key.id === id)?.publicKey ?? '', 'hex'));

describe('GET /audit/checkpoints', () => {
  it('answers the checkpoints, the newest first, as they were published', async () => {
    const all = await allOf<Checkpoint>(log.app, reader.token, '/audit/checkpoints?limit=2');
    expect(all.map(({ no }) => no)).toEqual([5, 4, 3, 2, 1]);
    const published = all.map(({ canonical, signature, hash }) => ({ canonical, signature, hash }));
    expect(published.reverse()).toEqual(log.published);
    const { data: keys } = json<{ data: Key[] }>(await get('signing-keys'));
    for (const [at, checkpoint] of all.entries()) {
      expect(checkpoint.prev).toBe(all[at + 1]?.hash ?? '0'.repeat(64));
      expect(JSON.parse(checkpoint.canonical)).toMatchObject({ no: checkpoint.no, root: checkpoint.root });
      const signature = Buffer.from(checkpoint.signature, 'hex');
      const signer = publicKeyWith(keys, checkpoint.signingKey);
      expect(isSignedBy(checkpoint.canonical, signature, signer)).toBe(true);
    }
  });

  it('says where they were published to operators alone', async () => {
    const [seen] = json<{ data: Checkpoint[] }>(await get('checkpoints?limit=1')).data;
    expect(seen?.published).toEqual([{ kind: 'webhook', at: expect.any(String) as unknown }]);
    const [whole] = json<{ data: Checkpoint[] }>(await asMember('checkpoints?limit=1')).data;
    expect(whole?.published).toEqual([
      {
        kind: 'webhook',
        at: expect.any(String) as unknown,
        place: expect.stringMatching(/\/checkpoints$/) as unknown,
      },
    ]);
  });

  it('refuses whoever may not read the logs, and a cursor of another list', async () => {
    const writer = await log.app.createKey();
    expect(codeOf(await get('checkpoints', writer.token))).toBe('PERMISSION_DENIED');
    expect(codeOf(await get('signing-keys', writer.token))).toBe('PERMISSION_DENIED');
    expect((await get('checkpoints?cursor=abc')).status).toBe(400);
    expect((await get('checkpoints?limit=101')).status).toBe(400);
  });
});

describe('GET /audit/signing-keys', () => {
  it('answers the public keys, the newest first, each endorsed by the one before it', async () => {
    const { data } = json<{ data: Key[] }>(await get('signing-keys'));
    expect(data.map(({ endorsedBy }) => endorsedBy)).toEqual([data[1]?.id, null]);
    expect(data.at(-1)?.publicKey).toBe(log.firstKey);
    const [newest] = data;
    const endorsement = Buffer.from(newest?.endorsement ?? '', 'hex');
    expect(isSignedBy(newest?.canonical ?? '', endorsement, publicKeyWith(data, data[1]?.id ?? null))).toBe(
      true,
    );
  });
});
