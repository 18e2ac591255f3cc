import { isIPv4, type LookupFunction } from 'node:net';
import { checkedAddresses, resolvingByDns, type ResolveName } from './checked-addresses.js';

/** A lookup that knows nothing but what was checked. */
export function answering(addresses: readonly [string, ...string[]]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIPv4(address) ? 4 : 6 }));
  return (_hostname, { all }, done) => {
    const [first] = addresses;
    process.nextTick(() => (all ? done(null, known) : done(null, first, isIPv4(first) ? 4 : 6)));
  };
}

/**
 * A lookup that answers only addresses that may be connected to, for clients that make their connections themselves.
 * What is an address already is connected to without a lookup: `assertTarget` looks at that.
 */
export function checkedLookup(
  allowPrivate: boolean,
  resolveName: ResolveName = resolvingByDns(),
): LookupFunction {
  return (hostname, options, done) => {
    checkedAddresses(hostname, allowPrivate, resolveName).then(
      (addresses) => answering(addresses)(hostname, options, done),
      (error: unknown) => done(error instanceof Error ? error : new Error('No address was found.'), ''),
    );
  };
}
