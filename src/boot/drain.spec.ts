import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type DrainLimits, drainOnClose } from './drain.js';

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n';
const UNLIMITED: DrainLimits = { unaskedMs: 3_600_000, askedMs: 3_600_000 };

let server: Server;
afterEach(() => server.closeAllConnections());

async function listen(answer: RequestListener, limits: DrainLimits): Promise<void> {
  server = createServer(answer);
  drainOnClose(server, limits);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** A connection that the server has accepted, over which `sent` was sent. */
async function connection(sent: string): Promise<Socket> {
  const accepted = once(server, 'connection');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [other] = (await accepted) as [Socket];
  socket.on('error', () => undefined);
  if (sent !== '') {
    socket.write(sent);
    while (other.bytesRead < sent.length) await new Promise(setImmediate);
  }
  return socket;
}

const closed = (socket: Socket) => once(socket.resume(), 'close');
const stopped = () => new Promise<void>((resolve) => server.close(() => resolve()));

describe('a server that closes', () => {
  it('ends kept connections at once, whatever its limits', async () => {
    await listen((_request, response) => response.end('answered'), UNLIMITED);
    const socket = await connection(`${HEAD}\r\nhello`);
    await once(socket, 'data');
    await Promise.all([stopped(), closed(socket)]);
  });

  it.each([
    ['says nothing', ''],
    ['stops in the middle of a head', HEAD],
  ])('ends a connection that %s', async (_what, sent) => {
    await listen((_request, response) => response.end(), { ...UNLIMITED, unaskedMs: 100 });
    const socket = await connection(sent);
    await Promise.all([stopped(), closed(socket)]);
  });

  it('ends a connection that stops in the middle of a second head', async () => {
    await listen((_request, response) => response.end('answered'), { ...UNLIMITED, unaskedMs: 100 });
    const socket = await connection(`${HEAD}\r\nhello${HEAD}`);
    await Promise.all([stopped(), closed(socket)]);
  });

  it('ends a request whose body never comes', async () => {
    await listen((request, response) => request.on('end', () => response.end()).resume(), {
      unaskedMs: 0,
      askedMs: 200,
    });
    const arrived = once(server, 'request');
    const socket = await connection(`${HEAD}\r\nhel`);
    await arrived;
    await Promise.all([stopped(), closed(socket)]);
  });

  it('answers what is under way, and then ends its connection', async () => {
    let answer: () => void = () => undefined;
    await listen(
      (_request, response) => {
        answer = () => response.end('answered');
      },
      { ...UNLIMITED, unaskedMs: 0 },
    );
    const arrived = once(server, 'request');
    const socket = await connection(`${HEAD}\r\nhello`);
    await arrived;
    // Long past the limit of those with nothing to answer.
    const others = await connection('');
    const stop = stopped();
    await closed(others);
    answer();
    const [text] = (await once(socket, 'data')) as [Buffer];
    expect(text.toString()).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*answered$/i);
    await stop;
  });
});
