import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/index.js';
import { newUuid } from '../ids/index.js';
import { EventCatalogue } from './event-catalogue.js';
import { EventRow } from './event.entity.js';

/** Something that happened to something. */
export interface NewEvent {
  /** One of the catalogue’s, e.g. `campaign.created`. */
  readonly type: string;
  /** UUID; null for what belongs to no organization. */
  readonly organizationId: string | null;
  /** UUID; null for what belongs to no store. */
  readonly storeId: string | null;
  /** The public id of what it happened to, e.g. `cmp_…`. */
  readonly subjectId: string;
  /** What a reader needs to know of it. Never a secret. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The event log. An event is written in the transaction that made it happen: both are there, or neither. The
 * request that caused it is the one that the transaction's actor names.
 */
@Injectable()
export class Events {
  constructor(private readonly catalogue: EventCatalogue) {}

  /** @throws Error for a type that the catalogue does not have */
  async emit(tx: Transaction, { data, ...event }: NewEvent): Promise<void> {
    this.catalogue.check(event.type, data);
    await tx.insert(EventRow, { id: newUuid(), ...event, data: data as object });
  }
}
