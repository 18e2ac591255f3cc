import { BlockList, isIP, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/** IPv4 networks that are nobody's on the public internet (RFC 6890), and one that a cloud answers in for its own. */
const CLOSED_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Within the global unicast space: protocol assignments with Teredo, documentation, and 6to4, which embeds IPv4. */
const CLOSED_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** Where development has its receivers: this machine and private networks, and still no metadata service. */
const PRIVATE: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['::1', 128, 'ipv6'],
];

const closed = new BlockList();
for (const [network, prefix] of CLOSED_IPV4) closed.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of CLOSED_IPV6) closed.addSubnet(network, prefix, 'ipv6');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');

const privateNetworks = new BlockList();
for (const [network, prefix, family] of PRIVATE) privateNetworks.addSubnet(network, prefix, family);

/**
 * Whether a customer may have us connect to this address. IPv6 is open in its global unicast space alone: what
 * embeds IPv4 (mapped, NAT64), is local to a link or a site, or is multicast lies outside of it.
 * @param allowPrivate lets this machine and private IPv4 networks through, for development
 */
export function mayConnectTo(address: string, allowPrivate: boolean): boolean {
  // A zone (`fe80::1%eth0`) is of this machine alone.
  if (isIP(address) === 0 || address.includes('%')) return false;
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  const mapped = family === 'ipv6' && !globalUnicast.check(address, family);
  if (allowPrivate && !(mapped && address !== '::1') && privateNetworks.check(address, family)) return true;
  if (mapped || closed.check(address, family)) return false;
  return !ownAddresses().check(address, family);
}

/** This machine's, which may be public ones. Read each time: interfaces come and go. */
function ownAddresses(): BlockList {
  const own = new BlockList();
  for (const { address, family } of Object.values(networkInterfaces()).flatMap((known) => known ?? [])) {
    own.addAddress(address.split('%')[0] ?? address, family === 'IPv6' ? 'ipv6' : 'ipv4');
  }
  return own;
}
