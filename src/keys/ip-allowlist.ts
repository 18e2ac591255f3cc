import { isIP, isIPv6 } from 'node:net';

/** What is wrong with an entry of an allow-list, or undefined: an address or a network in CIDR notation, v4 or v6. */
export function allowlistProblem(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.split('/');
  if (rest.length > 0 || isIP(address) === 0 || address.includes('%'))
    return 'must be an address or a network, e.g. 10.0.0.0/8';
  if (prefix === undefined) return undefined;
  const most = isIPv6(address) ? 128 : 32;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= most
    ? undefined
    : `must have a prefix from 0 to ${most}`;
}
