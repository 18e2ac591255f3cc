import { InvalidInput } from '../../platform/errors/index.js';
import { EVENT_KINDS, type EventKind } from '../events/event-kinds.js';

/** Which events a step of a funnel is. */
export interface FunnelStep {
  readonly kind: EventKind;
  readonly name: string | undefined;
  readonly page: string | undefined;
}

/** `kind`, then `:name` and `@page` where only those are meant. */
const STEP = /^([a-z_]+)(?::([^@]{1,100}))?(?:@(.{1,500}))?$/s;

/** @param field what the steps are called where they were given. @throws InvalidInput */
export function readSteps(texts: readonly string[], field = 'step'): FunnelStep[] {
  return texts.map((text, index) => {
    const [, kind, name, page] = STEP.exec(text) ?? [];
    const known = EVENT_KINDS.find((each) => each === kind);
    if (known) return { kind: known, name, page };
    throw new InvalidInput([
      {
        field: `${field}[${index}]`,
        reason: `must be one of ${EVENT_KINDS.join(', ')}, with :name and @page where only those are meant`,
      },
    ]);
  });
}
