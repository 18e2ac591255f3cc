import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { MasterSecrets, SecretBox } from '../../src/platform/crypto/index.js';
import { SealedHashes } from '../../src/keys/sealed-hashes.js';
import { storeAsFirstVersion } from '../support/first-version.js';
import { call } from '../support/http-client.js';
import { addPerson, send, signIn } from '../members/signing-in.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { documentOf, gatehouse } from './gatehouse.js';

const OLD = 'a master secret for tests, long enough';
const NEW = 'another master secret for tests, as long';
const CHANGING = { environment: { GATEHOUSE_SECRET: NEW, GATEHOUSE_SECRET_PREVIOUS: OLD } };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

describe('gatehouse secrets', () => {
  it('tells what is left, renews what it can, and says when the previous one can go', async () => {
    const key = await app.createKey();
    const never = await app.createKey();
    await storeAsFirstVersion(app.database, never, OLD);

    const { stdout: first } = await gatehouse(app.database, ['secrets', 'report'], CHANGING);
    expect(first).toMatch(/^key secrets +0 +\d+ +0 +1 +0$/m);
    expect(first).toMatch(new RegExp(`^${never.id} +Test key +yes +after its next use +never$`, 'm'));
    expect(first).toMatch(new RegExp(`^${key.id} +Test key +yes +yes +never$`, 'm'));

    const { stdout: renewed } = await gatehouse(app.database, ['secrets', 'rehash'], CHANGING);
    expect(renewed).toMatch(/^key secrets: [1-9]\d* renewed$/m);
    expect(renewed).toContain('Keep GATEHOUSE_SECRET_PREVIOUS');

    await call(app.url, '/api/v1/me', { token: never.token });
    await app.get(SealedHashes).idle();
    await documentOf(gatehouse(app.database, ['secrets', 'rehash', '--json'], CHANGING));
    const { stdout: last } = await gatehouse(app.database, ['secrets', 'report'], CHANGING);
    expect(last).toContain('Nothing is left: GATEHOUSE_SECRET_PREVIOUS can go.');

    const alone = { environment: { GATEHOUSE_SECRET: NEW } };
    const doctor = await documentOf<{ checks: { name: string; status: string }[] }>(
      gatehouse(app.database, ['doctor', '--json'], alone),
    );
    expect(doctor.checks).toContainEqual(expect.objectContaining({ name: 'master-secret', status: 'ok' }));
    for (const command of ['report', 'rehash']) {
      const { stdout } = await gatehouse(app.database, ['secrets', command], {
        environment: { GATEHOUSE_SECRET: OLD },
      });
      expect(stdout).toContain('a master secret that is not configured is refused');
    }
  });

  it('passes over second factors that do not open, renews the others, and names what is left', async () => {
    const hurt = await addPerson(app, 'hurt@example.com');
    const sound = await addPerson(app, 'sound@example.com');
    const boxes = new SecretBox(new MasterSecrets(OLD));
    const enrol = (id: string, member: string, box: Buffer) =>
      app.sql(
        `INSERT INTO member_totp (id, member_id, organization_id, secret, confirmed_at)
         SELECT $1, id, organization_id, $3, now() FROM members WHERE id = $2`,
        [id, member, box],
      );
    // the broken one comes first
    const broken = boxes.seal(randomBytes(20), 'totp/somebody else');
    await enrol('00000000-0000-4000-8000-000000000001', hurt.uuid, broken);
    await enrol(
      'ffffffff-0000-4000-8000-000000000001',
      sound.uuid,
      boxes.seal(randomBytes(20), `totp/${sound.uuid}`),
    );

    const report = await documentOf<{
      renewed: Record<string, number>;
      holders: { name: string; previous: number; broken: number; left: object[] }[];
    }>(gatehouse(app.database, ['secrets', 'rehash', '--json'], CHANGING));
    expect(report.renewed['second factors']).toBe(1);
    expect(report.holders.find(({ name }) => name === 'second factors')).toMatchObject({
      previous: 1,
      broken: 1,
      left: [{ id: hurt.id, working: false, renewable: false, broken: true, lastUsedAt: null }],
    });
    const { stdout, code } = await gatehouse(app.database, ['secrets', 'report'], CHANGING);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^second factors +1 +1 +0 +0 +1$/m);
    expect(stdout).toMatch(new RegExp(`^${hurt.id} +Ada Lovelace +no +no, it does not open +never$`, 'm'));
    await app.sql('DELETE FROM member_totp');
  });

  it('names the open invitations whose links end with the previous one', async () => {
    const host = await addPerson(app, 'host@example.com', 'admin');
    const browser = await signIn(app, host);
    const invite = async (email: string) =>
      (await send(app, browser, 'post', '/invitations').send({ email, roleId: 'analyst' })).body as {
        id: string;
      };
    const { id } = await invite('guest@example.com');
    const ended = await invite('late@example.com');
    await app.sql("UPDATE invitations SET expires_at = now() WHERE email = 'late@example.com'");

    const { stdout } = await gatehouse(app.database, ['secrets', 'rehash'], CHANGING);
    expect(stdout).toMatch(/^invitation links +0 +1 +0 +1 +0$/m);
    expect(stdout).toMatch(new RegExp(`^${id} +guest@example\\.com +yes +no, ends `, 'm'));
    expect(stdout).toContain('Keep GATEHOUSE_SECRET_PREVIOUS');
    expect(stdout).not.toContain(ended.id);
    // made before it was noted which one: the previous one, as long as there is one
    await app.sql('UPDATE invitations SET master_id = NULL');
    const { stdout: unnoted } = await gatehouse(app.database, ['secrets', 'report'], CHANGING);
    expect(unnoted).toMatch(/^invitation links +0 +1 +0 +1 +0$/m);
  });
});
