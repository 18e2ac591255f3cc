import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { mayConnectTo } from './address-check.js';
import { OutboundRefused } from './outbound-refused.js';
import { isLocalhost } from './target.js';

/** Answers every address of a name, or none. */
export type ResolveName = (hostname: string) => Promise<string[]>;

/**
 * Asks the name servers directly. `dns.lookup` would do it on the few threads that passwords and files need too,
 * where one customer's slow name server holds up everybody.
 * @param servers `address:port` each; default the system's
 */
export function resolvingByDns(servers?: readonly string[]): ResolveName {
  return async (hostname) => {
    const resolver = new Resolver({ timeout: 3_000, tries: 2 });
    if (servers) resolver.setServers(servers);
    const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}

/**
 * The addresses that may be connected to, each of them checked; the connection is made to one of these and to
 * nothing that the name says later. One closed address among them refuses them all.
 * @throws OutboundRefused
 */
export async function checkedAddresses(
  hostname: string,
  allowPrivate: boolean,
  resolveName: ResolveName,
): Promise<readonly [string, ...string[]]> {
  const [first, ...others] = await addressesOf(hostname, resolveName);
  if (first === undefined)
    throw new OutboundRefused('name_not_found', 'The name of the host has no address.');
  if (![first, ...others].every((address) => mayConnectTo(address, allowPrivate))) {
    throw new OutboundRefused('address_refused', 'The address is not a public one.');
  }
  return [first, ...others];
}

async function addressesOf(hostname: string, resolveName: ResolveName): Promise<string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  if (isLocalhost(hostname)) return ['127.0.0.1'];
  return resolveName(hostname);
}
