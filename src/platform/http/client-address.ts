import type { Request } from 'express';
import { isIP } from 'node:net';

/** Whose address cannot be told: in nobody's allow-list but the one that takes all. */
const UNKNOWN = '0.0.0.0';

/**
 * The caller's address: the socket's, or, behind trusted proxies (`TRUST_PROXY`), what they vouch for. What they
 * vouch for and is no address is nobody's, and never the proxy's own, which an allow-list may have. An IPv4 address
 * inside IPv6 (`::ffff:10.0.0.1`) is written as IPv4. Never text that is no address.
 */
export function clientAddress(request: Request, trustsProxy: boolean): string {
  return normaliseAddress(trustsProxy ? request.ip : request.socket.remoteAddress);
}

/** Some proxies write the caller's port too (RFC 7239, 6). */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/;
const MAPPED = /^::ffff:(?:([0-9a-f]{1,4}):([0-9a-f]{1,4})|(\d+\.\d+\.\d+\.\d+))$/;

/** An address as the gate compares it: lower case, IPv4 as IPv4, without a zone or a port. */
export function normaliseAddress(address: string | undefined): string {
  const [written = ''] = (address ?? '').toLowerCase().split('%');
  const [, v6, v4] = WITH_PORT.exec(written) ?? [];
  const bare = v6 ?? v4 ?? written;
  if (isIP(bare) === 0) return UNKNOWN;
  const [, high, low, dotted] = MAPPED.exec(bare) ?? [];
  if (high === undefined || low === undefined) return dotted ?? bare;
  return [parseInt(high, 16), parseInt(low, 16)].map((half) => `${half >> 8}.${half & 255}`).join('.');
}
