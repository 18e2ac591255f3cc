import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { Transaction } from '../../platform/database/index.js';
import { type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { lifeOf, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { type MediaView, viewOf } from './dto/media-view.js';
import { Media } from './media.entity.js';

/** The media of every store. */
@Injectable()
export class MediaRecords {
  readonly all: StoreCollection<Media, MediaView>;

  constructor(records: StoreRecords) {
    this.all = records.of<Media, MediaView>({
      entity: Media,
      name: 'media',
      plural: 'media',
      view: viewOf,
      events: (before, after) => [lifeOf('media', before, after)],
    });
  }

  /**
   * Looks whether media (UUIDs) are of a store, and keeps them there until the transaction ends: for whatever names
   * media.
   * @param field what the caller calls the list of them
   * @throws InvalidInput naming each that is not
   */
  async assertAllOf(
    tx: Transaction,
    { storeId }: StoreScope,
    ids: readonly string[],
    field: string,
  ): Promise<void> {
    if (ids.length === 0) return;
    const found = await tx.find(Media, {
      select: { id: true },
      where: { id: In([...new Set(ids)]), storeId },
      // In one order, so that two who keep the same do not wait for each other.
      order: { id: 'ASC' },
      lock: { mode: 'for_key_share' },
    });
    const known = new Set(found.map(({ id }) => id));
    const [first, ...others] = ids.flatMap((id, index): FieldError[] =>
      known.has(id) ? [] : [{ field: `${field}[${index}]`, reason: 'is no media of this store' }],
    );
    if (first) throw new InvalidInput([first, ...others]);
  }
}
