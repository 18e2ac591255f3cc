import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MasterSecrets, SecretBox, SecretHolders } from '../../src/platform/crypto/index.js';
import { Database } from '../../src/platform/database/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import {
  addPerson,
  attempt,
  codeOf,
  eventsOf,
  type Person,
  refusal,
  send,
  signIn,
  type SignedInBrowser,
} from './signing-in.js';

const FAILED = [401, 'SIGN_IN_FAILED'];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

interface Enrolled {
  readonly secret: string;
  readonly recoveryCodes: string[];
}

async function enrol(person: Person, browser: SignedInBrowser): Promise<Enrolled> {
  const begun = await send(app, browser, 'post', '/me/totp').send({ currentPassword: person.password });
  expect(begun.status).toBe(201);
  const { secret } = begun.body as { secret: string };
  const confirmed = await send(app, browser, 'post', '/me/totp/confirm').send({
    code: await codeOf(app, secret),
  });
  expect(confirmed.status).toBe(200);
  return { secret, ...(confirmed.body as { recoveryCodes: string[] }) };
}

/** As if half minutes had passed since the last code. */
const forgetSteps = () => app.sql('UPDATE totp_steps SET last_step = 0');
const tryWith = ({ email, password }: Person, totp?: string) => attempt(app, { email, password, totp });
const hasSecondFactor = async (browser: SignedInBrowser) =>
  ((await send(app, browser, 'get', '/me')).body as { secondFactor: boolean }).secondFactor;

describe('a second factor', () => {
  it('is begun with the password, asked for from its first code on, and told nowhere again', async () => {
    const ada = await addPerson(app, 'ada@example.com');
    const browser = await signIn(app, ada);
    const begin = (currentPassword: string) =>
      send(app, browser, 'post', '/me/totp').set('Idempotency-Key', 'begin').send({ currentPassword });
    expect(refusal(await begin('wrong'))).toEqual([400, 'INVALID_INPUT', 'currentPassword']);
    const begun = await begin(ada.password);
    const { secret, uri } = begun.body as { secret: string; uri: string };
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(uri).toContain(`secret=${secret}`);
    expect(refusal(await begin(ada.password))).toEqual([409, 'SECRET_ALREADY_SHOWN']);
    expect((await tryWith(ada)).status).toBe(200);
    expect(await hasSecondFactor(browser)).toBe(false);

    const confirm = (code: string) => send(app, browser, 'post', '/me/totp/confirm').send({ code });
    expect(refusal(await confirm('000000'))).toEqual([400, 'INVALID_INPUT', 'code']);
    const code = await codeOf(app, secret);
    const confirmed = await confirm(code);
    const { recoveryCodes } = confirmed.body as { recoveryCodes: string[] };
    expect([confirmed.status, recoveryCodes.length]).toEqual([200, 10]);
    expect(await hasSecondFactor(browser)).toBe(true);
    expect(refusal(await confirm(await codeOf(app, secret, 1)))).toEqual([409, 'CONFLICT']);
    const anew = await send(app, browser, 'post', '/me/totp').send({ currentPassword: ada.password });
    expect(refusal(anew)).toEqual([409, 'CONFLICT']);

    const required = await tryWith(ada);
    expect(refusal(required)).toEqual([401, 'TOTP_REQUIRED']);
    expect(required.headers).not.toHaveProperty('set-cookie');
    expect(refusal(await attempt(app, { email: ada.email, password: 'wrong' }))).toEqual(FAILED);
    expect(refusal(await tryWith(ada, '000000'))).toEqual(FAILED);
    // the code that confirmed is used, the next one is not
    expect(refusal(await tryWith(ada, code))).toEqual(FAILED);
    expect((await tryWith(ada, await codeOf(app, secret, 1))).status).toBe(200);

    const rows = await app.sql<{ reason: string | null; member_id: string | null }>(
      `SELECT reason, member_id FROM request_log WHERE path = '/api/v1/session' AND status = 401
       ORDER BY request_id`,
    );
    expect(rows).toEqual([
      { reason: 'no code', member_id: ada.uuid },
      { reason: 'wrong password', member_id: null },
      { reason: 'wrong code', member_id: ada.uuid },
      { reason: 'wrong code', member_id: ada.uuid },
    ]);
    await expectNowhere([secret, ...recoveryCodes, ...recoveryCodes.map((one) => one.replaceAll('-', ''))]);
  });

  it('is not confirmed by guessing: wrong first codes count for the lock-out', async () => {
    const guessed = await addPerson(app, 'guessed@example.com');
    const browser = await signIn(app, guessed);
    const begun = await send(app, browser, 'post', '/me/totp').send({ currentPassword: guessed.password });
    const { secret } = begun.body as { secret: string };
    const confirm = (code: string) => send(app, browser, 'post', '/me/totp/confirm').send({ code });
    for (let i = 0; i < 10; i += 1) {
      expect(refusal(await confirm('no code'))).toEqual([400, 'INVALID_INPUT', 'code']);
    }
    expect(refusal(await confirm(await codeOf(app, secret)))).toEqual([429, 'TOO_MANY_FAILED_ATTEMPTS']);
    expect(await hasSecondFactor(browser)).toBe(false);
  });

  it('takes a code once, also of many who send it at once, and one step early and late', async () => {
    const bob = await addPerson(app, 'bob@example.com');
    const { secret } = await enrol(bob, await signIn(app, bob));
    await forgetSteps();
    const code = await codeOf(app, secret);
    const statuses = (await Promise.all([1, 2, 3, 4].map(() => tryWith(bob, code)))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 401, 401, 401]);
    for (const steps of [-1, 1]) {
      await forgetSteps();
      expect((await tryWith(bob, await codeOf(app, secret, steps))).status).toBe(200);
    }
    for (const steps of [-3, 3]) {
      await forgetSteps();
      expect(refusal(await tryWith(bob, await codeOf(app, secret, steps)))).toEqual(FAILED);
    }
  });

  it('has ten recovery codes, of which each works once, until new ones are made', async () => {
    const carl = await addPerson(app, 'carl@example.com');
    const browser = await signIn(app, carl);
    const { secret, recoveryCodes } = await enrol(carl, browser);
    const [one = '', two = '', three = ''] = recoveryCodes;
    const statuses = (await Promise.all([1, 2, 3].map(() => tryWith(carl, one)))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 401, 401]);
    expect((await tryWith(carl, two.toUpperCase().replaceAll('-', ' '))).status).toBe(200);

    await forgetSteps();
    const renewed = await send(app, browser, 'post', '/me/totp/recovery-codes').send({
      code: await codeOf(app, secret),
    });
    const { recoveryCodes: fresh } = renewed.body as { recoveryCodes: string[] };
    expect([renewed.status, fresh.length]).toEqual([201, 10]);
    expect(refusal(await tryWith(carl, three))).toEqual(FAILED);
    expect((await tryWith(carl, fresh[9])).status).toBe(200);
    expect((await eventsOf(app, carl)).map(({ type, data }) => [type, data])).toEqual([
      ['member.second_factor_enabled', {}],
      ['member.recovery_code_used', { left: 9 }],
      ['member.recovery_code_used', { left: 8 }],
      ['member.recovery_code_used', { left: 9 }],
    ]);
  });

  it('is removed with a code alone, and wrong ones count for the lock-out', async () => {
    const dora = await addPerson(app, 'dora@example.com');
    const browser = await signIn(app, dora);
    expect(refusal(await send(app, browser, 'delete', '/me/totp').send({ code: '000000' }))).toEqual([
      404,
      'NOT_FOUND',
    ]);
    const { secret, recoveryCodes } = await enrol(dora, browser);
    await forgetSteps();
    const remove = (code: string) => send(app, browser, 'delete', '/me/totp').send({ code });
    const wrong = await Promise.all(Array.from({ length: 9 }, () => remove('000000')));
    expect(wrong.map(refusal)).toEqual(Array(9).fill([400, 'INVALID_INPUT', 'code']));
    // of many that come together with the tenth failure, the right one is not told from the others
    expect(refusal(await remove('111111'))).toEqual([400, 'INVALID_INPUT', 'code']);
    expect(refusal(await remove(await codeOf(app, secret)))).toEqual([429, 'TOO_MANY_FAILED_ATTEMPTS']);
    expect(await hasSecondFactor(browser)).toBe(true);

    await app.sql('DELETE FROM sign_in_failures');
    expect((await remove(recoveryCodes[0] ?? '')).status).toBe(204);
    expect(await hasSecondFactor(browser)).toBe(false);
    expect((await tryWith(dora)).status).toBe(200);
    const changes = await app.sql<{ action: string; actor_id: string }>(
      `SELECT action, actor_id FROM change_log WHERE entity = 'second_factor'
         AND coalesce(after, before)->>'member_id' = $1 ORDER BY id`,
      [dora.uuid],
    );
    expect(changes).toEqual(
      ['insert', 'update', 'delete'].map((action) => ({ action, actor_id: dora.uuid })),
    );
  });

  it('is reset by an administrator who holds what the member has, and not by oneself', async () => {
    const erin = await addPerson(app, 'erin@example.com', 'admin');
    const frank = await addPerson(app, 'frank@example.com', 'admin');
    const browser = await signIn(app, erin);
    await enrol(erin, browser);
    const [role] = await app.sql<{ id: string }>(
      `INSERT INTO roles (id, organization_id, name, grants)
       SELECT gen_random_uuid(), organization_id, 'people only', '{"settings.members": "admin"}'
       FROM members WHERE id = $1 RETURNING id`,
      [erin.uuid],
    );
    const lesser = await addPerson(app, 'lesser@example.com');
    await app.sql('UPDATE members SET role_id = $1 WHERE id = $2', [role?.id, lesser.uuid]);
    const path = `/members/${erin.id}/totp`;
    expect(refusal(await send(app, await signIn(app, lesser), 'delete', path))).toEqual([
      403,
      'EXCEEDS_OWN_GRANTS',
    ]);
    expect(refusal(await send(app, browser, 'delete', path))).toEqual([409, 'CONFLICT']);
    const admin = await signIn(app, frank);
    expect((await send(app, admin, 'delete', path)).status).toBe(204);
    expect(refusal(await send(app, admin, 'delete', path))).toEqual([404, 'NOT_FOUND']);
    expect((await tryWith(erin)).status).toBe(200);
    expect((await eventsOf(app, erin)).at(-1)?.type).toBe('member.second_factor_disabled');
  });
});

describe('a second factor that does not open', () => {
  afterAll(() => app.sql('DELETE FROM member_totp'));

  const UNAVAILABLE = [503, 'SECOND_FACTOR_UNAVAILABLE'];
  /** Changes the last byte of what is sealed. */
  const altered = (column: string) =>
    `set_byte(${column}, length(${column}) - 1, get_byte(${column}, length(${column}) - 1) # 1)`;
  /** Names a master secret that nobody has. */
  const unknown = (column: string) => `set_byte(${column}, 1, get_byte(${column}, 1) # 1)`;
  const alterFactor = (person: Person, how = altered) =>
    app.sql(`UPDATE member_totp SET secret = ${how('secret')} WHERE member_id = $1`, [person.uuid]);
  const alterCodes = (person: Person, how = altered) =>
    app.sql(`UPDATE recovery_codes SET sealed = ${how('sealed')} WHERE member_id = $1`, [person.uuid]);

  it.each([
    ['altered', altered],
    ['under a master secret that is not configured', unknown],
  ])('tells whoever had the password, and nobody else, what is to be done: %s', async (words, how) => {
    const person = await addPerson(app, `${how.name}@example.com`);
    const browser = await signIn(app, person);
    const { secret, recoveryCodes } = await enrol(person, browser);
    await forgetSteps();
    await alterFactor(person, how);
    const { email } = person;
    const totp = await codeOf(app, secret);
    expect(refusal(await attempt(app, { email, password: 'wrong', totp }))).toEqual(FAILED);
    expect(refusal(await tryWith(person))).toEqual([401, 'TOTP_REQUIRED']);
    const refused = await tryWith(person, totp);
    expect(refusal(refused)).toEqual(UNAVAILABLE);
    expect(refused.headers['retry-after']).toBe('60');
    expect(refused.text).toContain('GATEHOUSE_SECRET_PREVIOUS');
    expect(refused.text).toContain('gatehouse admin reset-second-factor');
    expect(refusal(await send(app, browser, 'delete', '/me/totp').send({ code: totp }))).toEqual(UNAVAILABLE);
    const rows = await app.sql<{ reason: string; member_id: string }>(
      `SELECT reason, member_id FROM request_log
       WHERE path = '/api/v1/session' AND status = 503 AND member_id = $1`,
      [person.uuid],
    );
    expect(rows).toEqual([{ reason: expect.stringContaining(words.slice(-14)), member_id: person.uuid }]);
    // a recovery code that opens lets in, and those that do not are told of like the authenticator
    expect((await tryWith(person, recoveryCodes[0])).status).toBe(200);
    await alterCodes(person, how);
    expect(refusal(await tryWith(person, recoveryCodes[1]))).toEqual(UNAVAILABLE);
  });

  it('lets nobody guess at an authenticator uncounted because a recovery code is broken', async () => {
    const person = await addPerson(app, 'guessed-at@example.com');
    const { secret } = await enrol(person, await signIn(app, person));
    await forgetSteps();
    await alterCodes(person);
    for (let i = 0; i < 10; i += 1) expect(refusal(await tryWith(person, '000000'))).toEqual(FAILED);
    expect(refusal(await tryWith(person, await codeOf(app, secret)))).toEqual([
      429,
      'TOO_MANY_FAILED_ATTEMPTS',
    ]);
    await app.sql('DELETE FROM sign_in_failures');
    expect((await tryWith(person, await codeOf(app, secret))).status).toBe(200);
  });
});

it('second factors and recovery codes are carried over to another master secret', async () => {
  const gina = await addPerson(app, 'gina@example.com');
  const { secret, recoveryCodes } = await enrol(gina, await signIn(app, gina));
  const before = app.config.secret ?? '';
  const current = 'another master secret for tests, long enough';
  const next = await startTestApp({
    database: app.database,
    environment: { GATEHOUSE_SECRET: current, GATEHOUSE_SECRET_PREVIOUS: before },
  });
  try {
    const holders = next.get(SecretHolders).list();
    const held = holders.filter(({ name }) => ['second factors', 'recovery codes'].includes(name));
    expect(held).toHaveLength(2);
    const actor = { type: 'system', id: 'test' } as const;
    for (const holder of held) {
      const renewed = await next.get(Database).write({ actor }, (tx) => holder.renew(tx, 1_000));
      expect(renewed).toBeGreaterThan(0);
      const counts = await next.get(Database).write({ actor }, (tx) => holder.count(tx));
      expect(counts).toEqual([{ masterId: new MasterSecrets(current).currentId, count: renewed }]);
      expect(await next.get(Database).write({ actor }, (tx) => holder.renew(tx, 1_000))).toBe(0);
    }
  } finally {
    await next.close();
  }
  const later = await startTestApp({ database: app.database, environment: { GATEHOUSE_SECRET: current } });
  try {
    expect(later.get(SecretBox)).toBeDefined();
    await forgetSteps();
    for (const totp of [await codeOf(later, secret), recoveryCodes[0]]) {
      expect((await attempt(later, { email: gina.email, password: gina.password, totp })).status).toBe(200);
    }
  } finally {
    await later.close();
  }
});

/** No text of any table holds any of these. */
async function expectNowhere(secrets: readonly string[]): Promise<void> {
  const tables = await app.sql<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema IN ('public', 'graphile_worker') AND table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables) {
    const rows = await app.sql<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    const content = rows.map(({ text }) => text).join('\n');
    expect([name, secrets.filter((secret) => content.includes(secret))]).toEqual([name, []]);
  }
}
