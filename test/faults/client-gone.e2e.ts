import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { startTestApp, type TestApp, type TestKey } from '../support/test-app.js';
import { until } from './until.js';

interface Row {
  status: number;
  answered: number | null;
  outcome: string;
  error_code: string | null;
}

describe('a client that', () => {
  let app: TestApp;
  let key: TestKey;

  beforeAll(async () => {
    app = await startTestApp();
    key = await app.createKey();
  });
  afterAll(async () => {
    await app.close();
  });

  /** A connection of its own, and all that came over it. */
  const dial = () => {
    const socket: Socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    let heard = '';
    socket.setEncoding('utf8').on('data', (text: string) => (heard += text));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return { socket, closed, heard: () => heard };
  };
  const head = (line: string, mark: string, further: readonly string[] = [], token: string = key.token) =>
    [
      `${line} HTTP/1.1`,
      'Host: localhost',
      `Authorization: Bearer ${token}`,
      `User-Agent: ${mark}/1`,
      ...further,
      '',
      '',
    ].join('\r\n');
  const rowsOf = (mark: string) =>
    app.sql<Row>('SELECT status, answered, outcome, error_code FROM request_log WHERE user_agent = $1', [
      `${mark}/1`,
    ]);
  const campaigns = async (name: string) =>
    (await app.sql('SELECT 1 FROM campaigns WHERE name = $1', [name])).length;

  it('goes away while its request is worked on has its row, and what it asked for is done', async () => {
    // Holds the handler for as long as the test wants.
    const holder = new pg.Client(app.database.ownerUrl);
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(4712)');
    await app.sql(
      `CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN PERFORM pg_advisory_xact_lock_shared(4712); RETURN NEW; END $$`,
    );
    await app.sql(
      'CREATE TRIGGER wait_for_test BEFORE INSERT ON campaigns FOR EACH ROW EXECUTE FUNCTION wait_for_test()',
    );
    const body = JSON.stringify({ name: 'gone', platform: 'email' });
    const { socket, closed } = dial();
    socket.write(
      head('POST /api/v1/campaigns', 'gone', [
        'Content-Type: application/json',
        `Content-Length: ${body.length}`,
      ]) + body,
    );
    await until('the handler waits', async () => {
      const waiting = await app.sql(
        `SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 4712`,
      );
      return waiting.length > 0;
    });
    socket.destroy();
    await closed;
    await holder.end();
    await until('its row is there', async () => (await rowsOf('gone')).length > 0);
    expect(await rowsOf('gone')).toEqual([
      { status: 201, answered: null, outcome: 'client_gone', error_code: null },
    ]);
    expect(await campaigns('gone')).toBe(1);
    await app.sql('DROP TRIGGER wait_for_test ON campaigns');
  });

  it('stops in the middle of its body has its row, and nothing is done', async () => {
    const { socket, closed } = dial();
    socket.write(
      head('POST /api/v1/campaigns', 'stopped', ['Content-Type: application/json', 'Content-Length: 900']),
    );
    socket.write('{"name": "half');
    const [row] = await app.sql<{ before: number }>('SELECT count(*)::integer AS before FROM campaigns');
    await until('the request is admitted', async () => {
      const used = await app.sql('SELECT 1 FROM quota_ledger WHERE hour_used > 1');
      return used.length > 0;
    });
    socket.destroy();
    await closed;
    await until('its row is there', async () => (await rowsOf('stopped')).length > 0);
    expect(await rowsOf('stopped')).toEqual([
      { status: 400, answered: null, outcome: 'client_gone', error_code: 'REQUEST_ABORTED' },
    ]);
    expect(await app.sql('SELECT count(*)::integer AS before FROM campaigns')).toEqual([row]);
  });

  it('waits for 100 Continue gets it once it is let in, and not before', async () => {
    const body = JSON.stringify({ name: 'continued', platform: 'email' });
    const announced = [
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      'Expect: 100-continue',
    ];
    const { socket, heard } = dial();
    socket.write(head('POST /api/v1/campaigns', 'waits', announced));
    await until('it is told to go on', () => heard().startsWith('HTTP/1.1 100 Continue'));
    socket.write(body);
    await until('it is answered', () => heard().includes('HTTP/1.1 201 Created'));
    socket.destroy();
    expect(await rowsOf('waits')).toMatchObject([{ status: 201, answered: 201 }]);

    const stranger = dial();
    stranger.socket.write(head('POST /api/v1/campaigns', 'refused', announced, 'nothing'));
    await until('it is answered', () => stranger.heard().includes('"requestId"'));
    expect(stranger.heard()).toMatch(/^HTTP\/1\.1 401 /);
    expect(stranger.heard()).not.toContain('100 Continue');
    stranger.socket.destroy();
    expect(await rowsOf('refused')).toMatchObject([{ status: 401, answered: 401 }]);
  });

  it('expects what nobody can give is answered, and has its row', async () => {
    const { socket, heard } = dial();
    socket.write(head('GET /api/v1/campaigns', 'expects', ['Expect: the-moon', 'Connection: close']));
    await until('it is answered', () => heard().includes('\r\n\r\n'));
    socket.destroy();
    expect(heard().toLowerCase()).toContain('x-request-id: req_');
    expect(await rowsOf('expects')).toHaveLength(1);
  });
});
