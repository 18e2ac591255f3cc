import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import express, { type Request } from 'express';
import { clientAddress } from './client-address.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** The address that a server which trusts such proxies sees, of a caller on 127.0.0.1. */
async function seen(trustProxy: number | string[] | undefined, forwardedFor?: string): Promise<string> {
  const app = express();
  if (trustProxy !== undefined) app.set('trust proxy', trustProxy);
  app.use((request, response) => {
    response.end(clientAddress(request, trustProxy !== undefined));
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.close();
    server.closeAllConnections();
  });
  const headers: Record<string, string> =
    forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { headers });
  return response.text();
}

/** A request whose socket has that address. */
const from = (remoteAddress: string | undefined, ip?: string) =>
  ({ socket: { remoteAddress }, ip }) as unknown as Request;

describe('the caller’s address', () => {
  it('is the socket’s where no proxy is trusted, whatever the caller says', async () => {
    expect(await seen(undefined)).toBe('127.0.0.1');
    expect(await seen(undefined, '203.0.113.9')).toBe('127.0.0.1');
  });

  it('is what the trusted proxies vouch for', async () => {
    expect(await seen(1, '203.0.113.9')).toBe('203.0.113.9');
    expect(await seen(1, '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(await seen(2, '198.51.100.1, 203.0.113.9')).toBe('198.51.100.1');
    expect(await seen(['127.0.0.1'], '198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(await seen(['10.0.0.0/8'], '203.0.113.9')).toBe('127.0.0.1');
    expect(await seen(1)).toBe('127.0.0.1');
    expect(await seen(1, ',')).toBe('127.0.0.1');
  });

  it.each(['unknown', '_hidden', 'gate_live_x', '203.0.113.9:port', '999.1.1.1', '"203.0.113.9"', '[::1'])(
    'is nobody’s, and not the proxy’s, where %j was forwarded, which is no address',
    async (forwarded) => {
      expect(await seen(1, forwarded)).toBe('0.0.0.0');
    },
  );

  it.each([
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:CB00:7109', '203.0.113.9'],
    ['::ffff:a00:1', '10.0.0.1'],
    ['203.0.113.9:4711', '203.0.113.9'],
    ['[2001:db8::1]:4711', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::1', '2001:db8::1'],
  ])('%s is written %s, of the socket and forwarded', async (given, written) => {
    expect(clientAddress(from(given), false)).toBe(written);
    expect(clientAddress(from('127.0.0.1', given), true)).toBe(written);
    expect(await seen(1, given)).toBe(written);
  });

  it('is an address even where the socket is gone', () => {
    expect(clientAddress(from(undefined), false)).toBe('0.0.0.0');
  });
});
