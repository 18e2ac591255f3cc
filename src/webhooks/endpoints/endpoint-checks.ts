import { InvalidInput } from '../../platform/errors/index.js';
import { type EventCatalogue, matchesType } from '../../platform/events/index.js';

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
