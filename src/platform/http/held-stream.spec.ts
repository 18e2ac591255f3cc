import { afterEach, describe, expect, it } from '@jest/globals';
import { HeldServer, parts, settle } from './testing/held-server.js';

let held: HeldServer;
afterEach(() => held.close());

const STREAMING = { status: 200, responseBytes: null, clientGone: false };
const CHUNKS = '3\r\none\r\n3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n';

describe('a held stream', () => {
  it('begins once its row is durable, and its end closes the row', async () => {
    held = await HeldServer.start((response) => {
      expect(response.write('one')).toBe(false);
      response.write('two');
    });
    const { answer } = held.ask();
    const row = await held.recorder.row();
    expect(row.outcome).toMatchObject(STREAMING);
    await settle();
    expect(held.bytesSent).toBe(0);

    row.done();
    await settle();
    expect(held.bytesSent).toBeGreaterThan(0);
    expect(held.recorder.completions).toEqual([]);
    held.response?.end('three');
    const { headers, body } = parts(await answer);
    expect([headers['transfer-encoding'], body]).toEqual(['chunked', CHUNKS]);
    expect(await held.recorder.completion()).toMatchObject({
      status: 200,
      responseBytes: 11,
      clientGone: false,
    });
    expect(held.recorder.rows).toHaveLength(1);
  });

  it('that ends before its row is durable leaves whole, and its row is closed', async () => {
    held = await HeldServer.start((response) => {
      response.write('one');
      response.write('two');
      response.end('three');
    });
    const { answer } = held.ask();
    const row = await held.recorder.row();
    await settle();
    expect([held.bytesSent, row.outcome]).toEqual([0, expect.objectContaining(STREAMING)]);
    row.done();
    expect(parts(await answer).body).toBe(CHUNKS);
    expect(await held.recorder.completion()).toMatchObject({ responseBytes: 11 });
  });

  it('tells its writer when to go on, and that what it wrote is on its way', async () => {
    const told: string[] = [];
    held = await HeldServer.start((response) => {
      response.once('drain', () => told.push('drain'));
      response.write('one', () => told.push('one'));
      response.write('dHdv', 'base64', () => told.push('two'));
    });
    const { answer } = held.ask();
    const row = await held.recorder.row();
    await settle();
    expect(told).toEqual([]);
    row.done();
    await settle();
    held.response?.end('three');
    expect(parts(await answer).body).toBe(CHUNKS);
    expect(told.sort()).toEqual(['drain', 'one', 'two']);
  });

  it('may begin with its headers alone', async () => {
    held = await HeldServer.start((response) => {
      response.setHeader('Content-Type', 'text/event-stream');
      response.flushHeaders();
    });
    const { answer } = held.ask();
    const row = await held.recorder.row();
    await settle();
    expect([held.bytesSent, row.outcome]).toEqual([0, expect.objectContaining(STREAMING)]);
    row.done();
    await settle();
    expect(held.response?.headersSent).toBe(true);
    held.response?.end();
    const { headers, body } = parts(await answer);
    expect([headers['content-type'], body]).toEqual(['text/event-stream', '0\r\n\r\n']);
    expect(await held.recorder.completion()).toMatchObject({ responseBytes: 0 });
  });

  it('of one piece that ends before its row is durable is closed too', async () => {
    const told: string[] = [];
    held = await HeldServer.start((response) => {
      response.write('one', () => told.push('one'));
      response.end();
    });
    const { answer } = held.ask();
    const row = await held.recorder.row();
    expect(row.outcome).toMatchObject(STREAMING);
    row.done();
    expect(parts(await answer).body).toBe('3\r\none\r\n0\r\n\r\n');
    expect(await held.recorder.completion()).toMatchObject({ responseBytes: 3 });
    expect(told).toEqual(['one']);
  });

  it('whose client goes is closed as such, once, with what had been written', async () => {
    held = await HeldServer.start((response) => void response.write('one'));
    const { socket, answer } = held.ask();
    (await held.recorder.row()).done();
    await settle();
    socket.destroy();
    await answer;
    expect(await held.recorder.completion()).toMatchObject({ responseBytes: 3, clientGone: true });
    held.response?.end('too late');
    await settle();
    expect(held.recorder.completions).toHaveLength(1);
  });
});
