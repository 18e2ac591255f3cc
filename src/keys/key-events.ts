import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/index.js';
import { Events } from '../platform/events/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Key } from './key.entity.js';

export type KeyEventType =
  | 'key.created'
  | 'key.updated'
  | 'key.rotated'
  | 'key.revoked'
  | 'key.deleted'
  | 'key.expiring'
  | 'key.expired'
  | 'key.first_used'
  | 'key.new_network';

/** What of a key its events tell. */
export type EventKey = Pick<Key, 'id' | 'organizationId' | 'storeId' | 'name' | 'environment'>;

/** Tells what happened to keys: which, and what; never a token. */
@Injectable()
export class KeyEvents {
  constructor(private readonly events: Events) {}

  /** @param more what this event tells beside which key it was, in the API's words */
  async emit(
    tx: Transaction,
    type: KeyEventType,
    key: EventKey,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<void> {
    const subjectId = toPublicId('key', key.id);
    const [secret] = await tx.query<{ preview: string }[]>(
      'SELECT preview FROM key_secrets WHERE key_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1',
      [key.id],
    );
    await this.events.emit(tx, {
      type,
      organizationId: key.organizationId,
      storeId: key.storeId,
      subjectId,
      data: {
        id: subjectId,
        name: key.name,
        storeId: toPublicId('store', key.storeId),
        environment: key.environment,
        preview: secret?.preview ?? null,
        ...more,
      },
    });
  }
}
