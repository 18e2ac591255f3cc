import { Conflict } from '../platform/errors/index.js';

/** The endpoint is disabled, and nothing is sent to it. */
export class EndpointDisabled extends Conflict {
  constructor(reason: string | null) {
    super('The endpoint is disabled: enable it first.', { disabledReason: reason });
  }
}
