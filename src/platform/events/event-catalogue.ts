import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/index.js';
import { LOGGER, type Logger } from '../logging/index.js';
import type { EventType } from './event-type.js';

/**
 * Every type of event there is. A feature registers its own in its module's constructor, so that they are known
 * before anything is emitted, and to the documents that are made from an application which never starts.
 */
@Injectable()
export class EventCatalogue {
  private readonly types = new Map<string, EventType>();

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'eventChecks'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws Error where a type is declared twice */
  register(types: readonly EventType[]): void {
    for (const type of types) {
      if (this.types.has(type.type)) throw new Error(`The event type ${type.type} is declared twice.`);
      this.types.set(type.type, type);
    }
  }

  /** All of them, by their names. */
  list(): EventType[] {
    return [...this.types.values()].sort((a, b) => (a.type < b.type ? -1 : 1));
  }

  /**
   * Sees that an event is as its type says. One of a type that is not declared, or only reserved, is refused; data
   * that do not fit are refused or told of in the log, by EVENT_CHECKS: receivers may bear them, and what has
   * happened should not fail by how it is told.
   * @throws Error
   */
  check(type: string, data: Readonly<Record<string, unknown>>): void {
    const declared = this.types.get(type);
    if (!declared?.data) throw new Error(`The event type ${type} is not declared, or only reserved.`);
    // as they will be read: a Date is a text there
    const { error } = declared.data.safeParse(JSON.parse(JSON.stringify(data)));
    if (!error) return;
    const faults = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    if (this.config.eventChecks === 'throw')
      throw new Error(`${type} is not as declared: ${faults.join('; ')}`);
    this.logger.error({ type, faults }, 'an event is not as its type is declared');
  }
}
