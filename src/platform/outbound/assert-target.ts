import { isIP } from 'node:net';
import { InvalidInput } from '../errors/index.js';
import { mayConnectTo } from './address-check.js';
import { OutboundRefused } from './outbound-refused.js';
import { targetOf } from './target.js';

/**
 * That an address can be posted to, as far as it can be told from the address alone: what its name resolves to is
 * looked at whenever something is sent.
 * @param field of the input that it is in
 * @throws InvalidInput
 */
export function assertTarget(url: string, allowPrivate: boolean, field = 'url'): void {
  const refuse = (reason: string) => new InvalidInput([{ field, reason }]);
  if (url.includes('#')) throw refuse('must have no fragment (#)');
  try {
    const { hostname } = targetOf(url, allowPrivate);
    if (isIP(hostname) !== 0 && !mayConnectTo(hostname, allowPrivate)) {
      throw refuse('must be a public address');
    }
  } catch (error) {
    if (!(error instanceof OutboundRefused)) throw error;
    throw refuse(error.message.replace(/^The address /, '').replace(/\.$/, ''));
  }
}
