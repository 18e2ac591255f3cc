import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StoreContents } from '../../tenants/index.js';
import { MediaObjects } from './media-objects.js';
import { Media } from './media.entity.js';

/** Media are what a store holds: a sandbox that is reset loses them, and their bytes. */
@Injectable()
export class MediaContents implements OnModuleInit {
  constructor(
    private readonly contents: StoreContents,
    private readonly objects: MediaObjects,
  ) {}

  onModuleInit(): void {
    this.contents.register({
      name: 'media',
      clear: async (tx, storeId) => {
        const deleted = await tx
          .createQueryBuilder()
          .delete()
          .from(Media)
          .where('storeId = :storeId', { storeId })
          .returning('object_id')
          .execute();
        const objectIds = (deleted.raw as { object_id: string }[]).map(({ object_id: id }) => id);
        await this.objects.removeAfter(tx, objectIds);
        return objectIds.length;
      },
    });
  }
}
