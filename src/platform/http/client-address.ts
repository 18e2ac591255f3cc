import type { Request } from 'express';
import { isIP } from 'node:net';

/**
 * The caller's address: the socket's, or, behind trusted proxies (`TRUST_PROXY`), what they vouch for. An IPv4
 * address inside IPv6 (`::ffff:10.0.0.1`) is written as IPv4. Never text that is no address.
 */
export function clientAddress(request: Request, trustsProxy: boolean): string {
  const socketAddress = normaliseAddress(request.socket.remoteAddress);
  if (!trustsProxy) return socketAddress;
  const forwarded = normaliseAddress(request.ip);
  return isIP(forwarded) === 0 ? socketAddress : forwarded;
}

/** An address as the gate compares it: lower case, IPv4 as IPv4, without a zone. */
export function normaliseAddress(address: string | undefined): string {
  if (address === undefined) return '0.0.0.0';
  const lower = address.toLowerCase();
  const bare = lower.startsWith('::ffff:') && lower.includes('.') ? lower.slice(7) : lower;
  const zone = bare.indexOf('%');
  return zone === -1 ? bare : bare.slice(0, zone);
}
