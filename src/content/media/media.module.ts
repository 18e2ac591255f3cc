import { Module } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { EventCatalogue } from '../../platform/events/index.js';
import { RecordsModule } from '../../platform/records/index.js';
import { ObjectStorage, openStorage } from '../../platform/storage/index.js';
import { TenantsModule } from '../../tenants/index.js';
import { ImageReader } from './image-reader.js';
import { IncomingFiles } from './incoming-files.js';
import { MadeImages } from './made-images.js';
import { MediaBytes } from './media-bytes.js';
import { MediaContents } from './media-contents.js';
import { MediaDownloads } from './media-downloads.js';
import { MEDIA_EVENT_TYPES } from './media-event-types.js';
import { MediaObjects } from './media-objects.js';
import { MediaRecords } from './media-records.js';
import { MediaUses } from './media-uses.js';
import { MediaSweep } from './media-sweep.js';
import { PublicMedia } from './public-media.js';
import { ShownMediaQueries } from './shown-media.js';
import { MediaController } from './media.controller.js';
import { MediaService } from './media.service.js';

/** Files that stores keep. */
@Module({
  imports: [RecordsModule, TenantsModule],
  controllers: [MediaController],
  providers: [
    {
      provide: ObjectStorage,
      useFactory: ({ media }: Config) => openStorage(media.s3, media.directory),
      inject: [CONFIG],
    },
    ImageReader,
    IncomingFiles,
    MadeImages,
    MediaBytes,
    MediaContents,
    MediaDownloads,
    MediaObjects,
    MediaRecords,
    MediaService,
    MediaSweep,
    MediaUses,
    PublicMedia,
    ShownMediaQueries,
  ],
  exports: [MadeImages, MediaUses, ShownMediaQueries],
})
export class MediaModule {
  constructor(catalogue: EventCatalogue) {
    catalogue.register(MEDIA_EVENT_TYPES);
  }
}
