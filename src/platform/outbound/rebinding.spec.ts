import { createSocket, type Socket } from 'node:dgram';
import { type AddressInfo, createServer } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { resolvingByDns } from './checked-addresses.js';
import { Outbound } from './outbound.js';

const TYPE_A = 1;
const closing: (() => void)[] = [];

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A name server (RFC 1035) whose every A answer is the next of these, valid for no time at all. */
async function nameServer(answers: string[]): Promise<string> {
  const server: Socket = createSocket('udp4');
  closing.push(() => server.close());
  server.on('message', (query, { port, address }) => {
    const endOfName = query.indexOf(0, 12);
    const question = query.subarray(12, endOfName + 5);
    const answer = query.readUInt16BE(endOfName + 1) === TYPE_A ? answers.shift() : undefined;
    const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x81, 0x80, 0, 1, 0, answer ? 1 : 0, 0, 0, 0, 0]);
    const record = answer
      ? [0xc0, 12, 0, TYPE_A, 0, 1, 0, 0, 0, 0, 0, 4, ...answer.split('.').map(Number)]
      : [];
    server.send(Buffer.concat([head, question, Buffer.from(record)]), port, address);
  });
  await new Promise<void>((done) => server.bind(0, '127.0.0.1', done));
  return `127.0.0.1:${server.address().port}`;
}

it('a name server that answers a public address first and this machine next lets nobody in', async () => {
  let connections = 0;
  const listener = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  closing.push(() => listener.close());
  await new Promise<void>((done) => listener.listen(0, '127.0.0.1', done));
  const { port } = listener.address() as AddressInfo;
  const answers = ['93.184.215.14', '127.0.0.1'];
  const resolveName = resolvingByDns([await nameServer(answers)]);
  const outbound = new Outbound({ allowPrivate: false, timeoutMs: 2_000, resolveName });
  const post = () => outbound.post(`https://rebinding.example:${port}/`, {}, '{}');

  expect(await post()).toMatchObject({ kind: 'failed', reason: expect.stringMatching(/timeout|connection/) });
  expect(answers).toEqual(['127.0.0.1']);
  expect(await post()).toMatchObject({ kind: 'failed', reason: 'address_refused' });
  expect(answers).toEqual([]);
  expect(connections).toBe(0);
});
