import { BlockList, isIP, isIPv6 } from 'node:net';
import { normaliseAddress } from '../../platform/http/index.js';

/** An address, or a network in CIDR notation. */
export interface AddressRange {
  /** As PostgreSQL takes it. */
  readonly cidr: string;
  /** Whether it is one address. */
  readonly single: boolean;
  includes(address: string): boolean;
}

/** @returns undefined where the text is neither */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [written = '', prefix, ...rest] = text.split('/');
  if (rest.length > 0 || isIP(written) === 0 || written.includes('%')) return undefined;
  if (prefix === undefined) {
    const address = normaliseAddress(written);
    return rangeOf(address, isIPv6(address) ? 128 : 32);
  }
  const bits = /^(0|[1-9]\d{0,2})$/.test(prefix) ? Number(prefix) : NaN;
  return bits <= (isIPv6(written) ? 128 : 32) ? rangeOf(written, bits) : undefined;
}

function rangeOf(address: string, bits: number): AddressRange {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(address, bits, family);
  return {
    cidr: `${address}/${bits}`,
    single: bits === (family === 'ipv6' ? 128 : 32),
    // node's list would take an IPv4 address for one inside IPv6, which PostgreSQL does not
    includes: (other) =>
      (isIPv6(other) ? 'ipv6' : 'ipv4') === family && isIP(other) !== 0 && list.check(other, family),
  };
}
