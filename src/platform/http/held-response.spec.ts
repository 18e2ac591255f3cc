import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { AppError, DatabaseUnavailable } from '../errors/index.js';
import { type Outcome, isAnswered } from './held-response.js';
import { type Handler, HeldServer, parts, settle } from './testing/held-server.js';

let held: HeldServer;
afterEach(() => held.close());

const outcome = (status: number, responseBytes: number | null): Outcome => ({
  status,
  responseBytes,
  durationMs: expect.any(Number) as unknown as number,
  clientGone: false,
});

/** Asks, lets the row become durable, and answers what came. */
async function answerOf(handler: Handler, method?: string) {
  held = await HeldServer.start(handler);
  const { answer } = held.ask(method);
  const row = await held.recorder.row();
  await settle();
  expect(held.bytesSent).toBe(0);
  row.done();
  return { ...parts(await answer), outcome: row.outcome };
}

const json: Handler = (response) => {
  response.statusCode = 201;
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Location', '/elsewhere');
  response.end('{"name":"grün"}');
};

describe('a held response', () => {
  it('leaves, whole and unchanged, once its row is durable; not a byte before', async () => {
    const answer = await answerOf(json);
    expect(answer).toEqual({
      status: 'HTTP/1.1 201 Created',
      headers: {
        'x-request-id': held.recorder.rows[0]?.context.id,
        'content-type': 'application/json',
        'content-length': '16',
        location: '/elsewhere',
      },
      body: '{"name":"grün"}',
      outcome: outcome(201, 16),
    });
    expect(held.recorder.completions).toEqual([]);
  });

  it('is answered from the moment its row is under way: nothing can be put in its place', async () => {
    held = await HeldServer.start((response) => {
      expect(isAnswered(response)).toBe(false);
      response.end('first');
      expect(isAnswered(response)).toBe(true);
      response.end('second');
    });
    const { answer } = held.ask();
    (await held.recorder.row()).done();
    expect(parts(await answer).body).toBe('first');
    expect(held.recorder.rows).toHaveLength(1);
  });

  it('says how long the answer took from the arrival', async () => {
    const { outcome: told } = await answerOf((response, context) => {
      Object.assign(context, { startedAt: context.startedAt - 5_000 });
      response.end();
    });
    expect(told.durationMs).toBeGreaterThan(5_000);
    expect(told.durationMs).toBeLessThan(15_000);
  });

  it.each<[string, (response: ServerResponse) => void, Record<string, string>]>([
    ['a status', (r) => r.writeHead(418), {}],
    [
      'a status and headers',
      (r) => r.writeHead(418, { 'X-Tea': 'green', 'X-None': undefined }),
      { 'x-tea': 'green' },
    ],
    [
      'a status, words and headers',
      (r) => r.writeHead(418, 'Short and stout', { 'X-Tea': 'green' }),
      { 'x-tea': 'green' },
    ],
    [
      'a status and a flat list',
      (r) => r.writeHead(418, ['X-Tea', 'green', 'X-Cup', 'blue']),
      { 'x-tea': 'green', 'x-cup': 'blue' },
    ],
    [
      'a status, words and a flat list',
      (r) => r.writeHead(418, 'Short and stout', ['X-Tea', 'green']),
      { 'x-tea': 'green' },
    ],
  ])('takes writeHead with %s', async (form, head, headers) => {
    const answer = await answerOf((response) => {
      head(response);
      expect(response.headersSent).toBe(false);
      response.end('tea');
    });
    expect(answer.status).toBe(`HTTP/1.1 418 ${form.includes('words') ? 'Short and stout' : "I'm a Teapot"}`);
    expect(answer.headers).toMatchObject({ ...headers, 'content-length': '3' });
    expect(answer.headers).not.toHaveProperty('x-none');
    expect(answer.body).toBe('tea');
  });

  it.each<[string, (response: ServerResponse, done: () => void) => void, string]>([
    ['nothing but a callback', (r, done) => r.end(done), ''],
    ['a body and a callback', (r, done) => r.end('body', done), 'body'],
    ['a body, its encoding and a callback', (r, done) => r.end('Ym9keQ==', 'base64', done), 'body'],
    ['bytes and a callback', (r, done) => r.end(Buffer.from('body'), done), 'body'],
  ])('takes end with %s', async (_, end, body) => {
    let finished = false;
    const answer = await answerOf((response) => end(response, () => (finished = true)));
    expect([answer.body, answer.outcome, finished]).toEqual([body, outcome(200, body.length), true]);
  });

  it('answers HEAD with the headers of the body alone', async () => {
    const answer = await answerOf((response) => {
      response.setHeader('Content-Length', 1_234);
      response.end();
    }, 'HEAD');
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([
      'HTTP/1.1 200 OK',
      '1234',
      '',
    ]);
  });

  it('answers 304 without a body', async () => {
    const answer = await answerOf((response) => {
      response.statusCode = 304;
      response.setHeader('ETag', '"1"');
      response.end();
    });
    expect([answer.status, answer.headers['etag'], answer.body]).toEqual([
      'HTTP/1.1 304 Not Modified',
      '"1"',
      '',
    ]);
    expect(answer.outcome).toEqual(outcome(304, 0));
  });

  it('is still described when the client has gone, and hurts nobody', async () => {
    held = await HeldServer.start(() => undefined);
    const { socket, answer } = held.ask();
    while (!held.response) await settle();
    const gone = new Promise((resolve) => held.response?.once('close', resolve));
    socket.destroy();
    await Promise.all([gone, answer]);
    held.response.end('nobody reads this');
    const row = await held.recorder.row();
    expect(row.outcome).toMatchObject({ status: 200, clientGone: true });
    row.done();
    expect(held.recorder.completions).toEqual([]);
  });

  it('does not mind a client that goes while the row is under way', async () => {
    held = await HeldServer.start(json);
    const { socket, answer } = held.ask();
    const row = await held.recorder.row();
    const gone = new Promise((resolve) => held.response?.once('close', resolve));
    socket.destroy();
    await Promise.all([gone, answer]);
    row.done();
    row.done(new Error('and again'));
    await settle();
    expect(held.recorder.rows).toHaveLength(1);
  });
});

describe('a response whose row cannot be made durable', () => {
  /** Asks, lets the row fail, and answers what came instead. */
  async function refusalOf(handler: Handler, error: unknown, method?: string) {
    held = await HeldServer.start(handler);
    const { answer } = held.ask(method);
    (await held.recorder.row()).done(error);
    const { status, headers, body } = parts(await answer);
    return { status, headers, body, requestId: held.recorder.rows[0]?.context.id };
  }

  it('is thrown away: a 503 leaves instead, and of its headers the request’s id alone', async () => {
    const { status, headers, body, requestId } = await refusalOf(json, new Error('disk full'));
    expect(status).toBe('HTTP/1.1 503 Service Unavailable');
    expect(headers).toEqual({
      'x-request-id': requestId,
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      'retry-after': '1',
    });
    expect(JSON.parse(body)).toEqual({
      error: {
        code: 'AUDIT_UNAVAILABLE',
        message: 'The request log cannot be written, so the request cannot be answered.',
        details: { applied: false },
        requestId,
      },
    });
  });

  it('says that the change may have been made, once the handler had started', async () => {
    const { body } = await refusalOf((response, context) => {
      context.handlerStarted = true;
      json(response, context);
    }, new Error('disk full'));
    expect(JSON.parse(body)).toMatchObject({ error: { details: { applied: 'unknown' } } });
  });

  it('says what the recorder says of it', async () => {
    const { status, body } = await refusalOf(json, new DatabaseUnavailable());
    expect(status).toBe('HTTP/1.1 503 Service Unavailable');
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
    held.close();
    const other = await refusalOf(
      json,
      new AppError('INTERNAL_ERROR', 'No.', { headers: { 'X-Why': 'so' } }),
    );
    expect([other.status, other.headers['x-why']]).toEqual(['HTTP/1.1 500 Internal Server Error', 'so']);
  });

  it('keeps no words of the status it would have had', async () => {
    const { status } = await refusalOf((response) => void response.writeHead(201, 'Made').end(), new Error());
    expect(status).toBe('HTTP/1.1 503 Service Unavailable');
  });

  it('answers HEAD without a body', async () => {
    const { status, headers, body } = await refusalOf(json, new Error('disk full'), 'HEAD');
    expect([status, headers['content-length'] !== '16', body]).toEqual([
      'HTTP/1.1 503 Service Unavailable',
      true,
      '',
    ]);
  });

  it('does not begin where it would have been a stream, nor go on', async () => {
    held = await HeldServer.start((response) => {
      response.write('one');
      response.write('two');
    });
    const { answer } = held.ask();
    (await held.recorder.row()).done(new Error('disk full'));
    const { status, body } = parts(await answer);
    expect([status, body.includes('one')]).toEqual(['HTTP/1.1 503 Service Unavailable', false]);
    held.response?.end('three');
    await settle();
    expect(held.recorder.completions).toEqual([]);
  });
});
