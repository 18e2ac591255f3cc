import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Outbound, type OutboundOptions } from './outbound.js';

const open: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))));
});

async function listen<T extends Server>(server: T): Promise<number> {
  open.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** A listener on this machine that counts who comes, and hangs up. */
async function countingListener(): Promise<{ port: number; connections: () => number }> {
  let connections = 0;
  const port = await listen(
    createServer((socket) => {
      connections += 1;
      socket.destroy();
    }),
  );
  return { port, connections: () => connections };
}

const receiver = (answer: RequestListener): Promise<number> => listen(createHttpServer(answer));

const post = (
  address: string,
  options: Partial<OutboundOptions> = {},
  headers: Record<string, string> = {},
) => new Outbound({ allowPrivate: false, timeoutMs: 3_000, ...options }).post(address, headers, '{}');

const local = { allowPrivate: true };

/** Every host by which somebody might mean this machine or its neighbours. */
const TRICKS = [
  '127.0.0.1',
  '2130706433',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '0.0.0.0',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  'localhost',
  'localhost.',
  'app.localhost',
  '127.0.0.1.',
  '①②⑦.0.0.1',
  '169.254.169.254',
  '10.0.0.1',
  '100.100.100.200',
  '192.168.1.1',
  '224.0.0.1',
  'public.example@127.0.0.1',
  'user:word@localhost',
];

describe('sending to an address that a customer gave', () => {
  it.each(TRICKS)('reaches nothing at %s', async (host) => {
    const { port, connections } = await countingListener();
    for (const scheme of ['https', 'http']) {
      expect(await post(`${scheme}://${host}:${port}/`)).toMatchObject({
        kind: 'failed',
        reason: expect.stringMatching(/^address_/),
      });
    }
    expect(connections()).toBe(0);
  });

  it.each(['127.0.0.1', '10.1.2.3', '::ffff:127.0.0.1', 'fd00:ec2::254', '169.254.169.254'])(
    'reaches nothing at a name that leads to %s, alone or beside a public address',
    async (address) => {
      const { port, connections } = await countingListener();
      for (const answer of [[address], ['93.184.215.14', address]]) {
        expect(
          await post(`https://hooks.example:${port}/`, { resolveName: () => Promise.resolve(answer) }),
        ).toMatchObject({ kind: 'failed', reason: 'address_refused' });
      }
      expect(connections()).toBe(0);
    },
  );

  it('connects to the address that was checked, whatever the name says a moment later', async () => {
    const { port, connections } = await countingListener();
    let asked = 0;
    const rebinding = {
      timeoutMs: 500,
      resolveName: () => Promise.resolve([asked++ === 0 ? '93.184.215.14' : '127.0.0.1']),
    };
    const first = await post(`https://rebinding.example:${port}/`, rebinding);
    expect([first.kind, asked]).toEqual(['failed', 1]);
    expect(await post(`https://rebinding.example:${port}/`, rebinding)).toMatchObject({
      reason: 'address_refused',
    });
    expect(connections()).toBe(0);
  });

  it('follows no redirect', async () => {
    const { port, connections } = await countingListener();
    const redirecting = await receiver((_request, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end();
    });
    expect(await post(`http://localhost:${redirecting}/`, local)).toMatchObject({
      kind: 'answered',
      status: 302,
    });
    expect(connections()).toBe(0);
  });

  it('reads 8 kB of an answer without an end, and hangs up', async () => {
    const port = await receiver((_request, response) => {
      response.writeHead(200);
      const write = (): void => {
        while (response.writable && response.write('x'.repeat(4_000)));
        if (response.writable) response.once('drain', write);
      };
      write();
    });
    const result = await post(`http://127.0.0.1:${port}/`, local);
    expect(result.kind === 'answered' && [result.status, result.body.length]).toEqual([200, 8_192]);
  });

  it('fetches as much as it is told, and says whether that is all', async () => {
    const port = await receiver(({ method }, response) => response.end(`${method}: whole`));
    const get = (mostBytes: number) => new Outbound(local).get(`http://127.0.0.1:${port}/`, {}, mostBytes);
    expect(await get(10)).toMatchObject({ body: Buffer.from('GET: whole'), whole: true });
    expect(await get(9)).toMatchObject({ body: Buffer.from('GET: whol'), whole: false });
  });

  it.each([
    ['never answers', () => undefined],
    [
      'never ends its answer',
      (_request, response) => {
        response.writeHead(200);
        response.write('and');
      },
    ],
  ] satisfies [string, RequestListener][])('gives up on a receiver that %s', async (_name, answer) => {
    const port = await receiver(answer);
    expect(await post(`http://localhost:${port}/`, { ...local, timeoutMs: 200 })).toMatchObject({
      kind: 'failed',
      reason: 'timeout',
    });
    for (const server of open) (server as ReturnType<typeof createHttpServer>).closeAllConnections();
  });

  it('gives up on a name server that does not answer', async () => {
    const resolveName = () => new Promise<string[]>(() => undefined);
    expect(await post('https://hooks.example/', { resolveName, timeoutMs: 100 })).toMatchObject({
      reason: 'timeout',
    });
  });

  it('lets nobody write a header of their own', async () => {
    const seen: unknown[] = [];
    const port = await receiver((request, response) => {
      seen.push(request.headers['x-added'], request.headers.host);
      response.end();
    });
    expect(await post(`http://localhost:${port}/`, local, { 'webhook-id': 'a\r\nx-added: 1' })).toMatchObject(
      {
        reason: 'request_invalid',
      },
    );
    await post(`http://localhost:${port}/%0d%0ax-added:1?\r\nx-added: 1`, local, {
      host: 'elsewhere.example',
    });
    expect(seen).toEqual([undefined, `localhost:${port}`]);
  });

  it('reaches no metadata service in development either, and no plain http elsewhere', async () => {
    expect(await post('https://169.254.169.254/', local)).toMatchObject({ reason: 'address_refused' });
    expect(await post('https://[::ffff:127.0.0.1]/', local)).toMatchObject({ reason: 'address_refused' });
    expect(await post('http://10.0.0.1/', local)).toMatchObject({ reason: 'address_invalid' });
  });
});
