import { isIP } from 'node:net';
import { OutboundRefused } from './outbound-refused.js';

/** Where a request goes, after the URL parser has made one form of all the ways to write an address. */
export interface Target {
  readonly secure: boolean;
  /** Name or address, without brackets and trailing dot. */
  readonly hostname: string;
  readonly port: number;
  readonly path: string;
}

/**
 * Reads an address that a customer gave. https, but for this machine in development; no user or password in it.
 * The parser turns `0x7f.1`, `2130706433` and their like into `127.0.0.1`, so that one check sees them all.
 * @throws OutboundRefused
 */
export function targetOf(address: string, allowPrivate: boolean): Target {
  const url = URL.parse(address);
  if (!url) throw new OutboundRefused('address_invalid', 'The address is not a URL.');
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const secure = url.protocol === 'https:';
  if (hostname === '') throw new OutboundRefused('address_invalid', 'The address has no host.');
  if (!secure && !(url.protocol === 'http:' && allowPrivate && isLocalhost(hostname))) {
    throw new OutboundRefused('address_invalid', 'The address must be https.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundRefused('address_invalid', 'The address must have no user or password in it.');
  }
  if (isLocalhost(hostname) && !allowPrivate) {
    throw new OutboundRefused('address_refused', 'The address is not a public one.');
  }
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
  return { secure, hostname, port, path: `${url.pathname}${url.search}` };
}

/** This machine by its name (RFC 6761) or its loopback address. */
export function isLocalhost(hostname: string): boolean {
  if (isIP(hostname) !== 0) return hostname.startsWith('127.') || hostname === '::1';
  return hostname === 'localhost' || hostname.endsWith('.localhost');
}
