import { isIP } from 'node:net';
import { InvalidInput } from '../../platform/errors/index.js';
import { type EventCatalogue, matchesType } from '../../platform/events/index.js';
import { mayConnectTo, OutboundRefused, targetOf } from '../../platform/outbound/index.js';

/**
 * That an address can be posted to, as far as it can be told from the address alone: what its name resolves to is
 * looked at whenever something is sent.
 * @throws InvalidInput
 */
export function assertUrl(url: string, allowPrivate: boolean): void {
  const refuse = (reason: string) => new InvalidInput([{ field: 'url', reason }]);
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

/** That there are such types of events, reserved ones among them. @throws InvalidInput for each that is none */
export function assertEventTypes(patterns: readonly string[], catalogue: EventCatalogue): void {
  const types = catalogue.list().map(({ type }) => type);
  const isKnown = (pattern: string) => types.some((type) => matchesType(pattern, type));
  const faults = patterns.flatMap((pattern, index) =>
    isKnown(pattern)
      ? []
      : [{ field: `eventTypes[${index}]`, reason: 'is no type of event: GET /event-types lists them' }],
  );
  const [first, ...rest] = faults;
  if (first) throw new InvalidInput([first, ...rest]);
}
