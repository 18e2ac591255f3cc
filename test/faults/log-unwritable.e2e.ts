import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fromPublicId } from '../../src/platform/ids/index.js';
import { type Answer, call, codeOf, type ErrorAnswer, json } from '../support/http-client.js';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { followChains } from './chain.js';
import { until } from './until.js';

interface Row {
  status: number;
  answered: number | null;
  outcome: string;
  user_agent: string | null;
  reason: string | null;
  completes: string | null;
}

describe('a request log', () => {
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    app = await startTestApp();
    key = await app.createKey();
  });
  afterAll(async () => {
    await app.close();
  });

  // Whatever was refused, cut in halves, cleaned or came late: the chain has no gap, and every row is what was hashed.
  const expectWhole = async () => expect((await followChains(app.database)).faults).toEqual([]);

  const list = (headers: Record<string, string> = {}) =>
    call(app.url, '/api/v1/campaigns', { token: key.token, headers });
  const create = (name: string) =>
    call(app.url, '/api/v1/campaigns', {
      method: 'POST',
      token: key.token,
      body: { name, platform: 'email' },
    });
  const rowsOf = (answer: Answer) =>
    app.sql<Row>(
      `SELECT status, answered, outcome, user_agent, reason, completes FROM request_log
       WHERE request_id = $1 ORDER BY completes NULLS FIRST`,
      [fromPublicId('request', answer.headers['x-request-id'])],
    );
  const applied = (answer: Answer) => json<ErrorAnswer>(answer).error.details?.['applied'];
  const campaigns = async () =>
    (await app.sql<{ name: string }>('SELECT name FROM campaigns')).map(({ name }) => name);

  it('that cannot be written lets nothing be answered, and refuses before anything is done', async () => {
    await app.sql('ALTER TABLE request_log RENAME TO request_log_away');
    const waiting = [create('may have happened')];
    await until('its handler has run', async () => (await campaigns()).length === 1);
    waiting.push(list(), call(app.url, '/api/v1/campaigns'));
    // The first row finds out; from then on nothing begins.
    await until('the log is known to fail', async () => (await call(app.url, '/readyz')).status === 503);
    const refused = await create('never');
    expect([refused.status, codeOf(refused), applied(refused)]).toEqual([503, 'AUDIT_UNAVAILABLE', false]);
    const answers = await Promise.all(waiting);
    expect(answers.map((answer) => [codeOf(answer), applied(answer)])).toEqual([
      ['AUDIT_UNAVAILABLE', 'unknown'],
      ['AUDIT_UNAVAILABLE', false],
      ['AUDIT_UNAVAILABLE', false],
    ]);
    for (const answer of [refused, ...answers]) {
      expect(Number(answer.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(json<ErrorAnswer>(answer).error.requestId).toBe(answer.headers['x-request-id']);
    }
    expect(await campaigns()).toEqual(['may have happened']);

    await app.sql('ALTER TABLE request_log_away RENAME TO request_log');
    await until('it is ready again', async () => (await call(app.url, '/readyz')).status === 200);
    const back = await list();
    expect([back.status, (await rowsOf(back)).length]).toEqual([200, 1]);
    // The row that nobody waited for came in after all, with one that says what its client was told.
    const [late] = answers;
    if (!late) throw new Error('nothing was waiting');
    await until('the correction is there', async () => (await rowsOf(late)).length === 2);
    const [row, correction] = await rowsOf(late);
    expect(row).toMatchObject({ outcome: 'answered', completes: null });
    expect(correction).toMatchObject({ outcome: 'late', answered: 503 });
    expect(await rowsOf(refused)).toEqual([]);
    await expectWhole();
  });

  it('that refuses one row keeps the others of its batch, and what it can of that one', async () => {
    await app.sql(
      `CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN RAISE EXCEPTION 'not this one' USING ERRCODE = '22P05'; END $$`,
    );
    await app.sql(
      `CREATE TRIGGER refuse_row BEFORE INSERT ON request_log FOR EACH ROW
       WHEN (NEW.user_agent = 'poison/1') EXECUTE FUNCTION refuse_row()`,
    );
    const agents = Array.from({ length: 24 }, (_, i) => (i % 8 === 3 ? 'poison/1' : `agent-${i}/1`));
    const answers = await Promise.all(agents.map((agent) => list({ 'User-Agent': agent })));
    for (const [index, answer] of answers.entries()) {
      const poisoned = agents[index] === 'poison/1';
      expect(answer.status).toBe(200);
      expect(await rowsOf(answer)).toEqual([
        expect.objectContaining({
          status: 200,
          user_agent: poisoned ? null : agents[index],
          reason: poisoned ? 'row_unreadable' : null,
        }),
      ]);
    }
    await app.sql('DROP TRIGGER refuse_row ON request_log');
    await expectWhole();
  });

  it('that refuses a row for what is not its caller’s text keeps what remains of it', async () => {
    await app.sql(
      `CREATE TRIGGER refuse_row BEFORE INSERT ON request_log FOR EACH ROW
       WHEN (NEW.route = '/api/v1/me') EXECUTE FUNCTION refuse_row()`,
    );
    const answers = await Promise.all([
      list({ 'User-Agent': 'beside it' }),
      call(app.url, '/api/v1/me', { token: key.token }),
      list({ 'User-Agent': 'after it' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const [, mine] = answers;
    if (!mine) throw new Error('nothing was answered');
    expect(await rowsOf(mine)).toEqual([
      expect.objectContaining({ status: 200, outcome: 'answered', reason: 'row_unreadable' }),
    ]);
    await app.sql('DROP TRIGGER refuse_row ON request_log');
    await expectWhole();
    // The lane has stood in nobody's way.
    expect((await call(app.url, '/readyz')).status).toBe(200);
  });

  it('tells how long rows wait, how many go together, and how long that takes', async () => {
    await Promise.all(Array.from({ length: 8 }, () => list()));
    const { text } = await call(app.url, '/metrics');
    const figure = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
    expect(figure('gatehouse_log_lag_seconds')).toBe(0);
    const commits = figure('gatehouse_log_batch_rows_count');
    expect(commits).toBeGreaterThan(0);
    expect(figure('gatehouse_log_commit_seconds_count')).toBe(commits);
    expect(figure('gatehouse_log_batch_rows_sum')).toBe(figure('gatehouse_log_rows_total'));
  });

  // The last one: the rows that it drops are missing in the chain from then on.
  it('whose day has no partition gets one', async () => {
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    await app.sql(`DROP TABLE request_log_${today}`);
    const answers = await Promise.all([list(), list(), list()]);
    for (const answer of answers) expect([answer.status, (await rowsOf(answer)).length]).toEqual([200, 1]);
  });
});
