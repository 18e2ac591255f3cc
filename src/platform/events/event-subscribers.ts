import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';
import type { NumberedEvent } from './numbered-event.js';

/**
 * Hears of events in the transaction that numbers them: what it writes there is there once for each event, whatever
 * ends in between. It should write, and do its work elsewhere: every event waits while it runs. Where it throws, the
 * round is undone and comes again.
 * @param events some of several organizations, each organization's in order
 */
export type EventSubscriber = (tx: Transaction, events: readonly NumberedEvent[]) => Promise<void>;

/** Who wants to hear of events. A feature registers in `onModuleInit`, in every process: any of them may number. */
@Injectable()
export class EventSubscribers {
  private readonly registered = new Map<string, EventSubscriber>();

  /** @param name for the log and the metrics @throws Error where the name is taken */
  register(name: string, subscriber: EventSubscriber): void {
    if (this.registered.has(name)) throw new Error(`Two subscribers of events have the name ${name}.`);
    this.registered.set(name, subscriber);
  }

  /** Tells all of them, one after the other. @throws SubscriberFailed */
  async tell(tx: Transaction, events: readonly NumberedEvent[]): Promise<void> {
    for (const [name, subscriber] of this.registered) {
      try {
        await subscriber(tx, events);
      } catch (error) {
        throw new SubscriberFailed(name, error);
      }
    }
  }
}

/** A subscriber did not take a round's events. */
export class SubscriberFailed extends Error {
  constructor(
    readonly subscriber: string,
    cause: unknown,
  ) {
    super(`The subscriber ${subscriber} did not take the events.`, { cause });
    this.name = 'SubscriberFailed';
  }
}
