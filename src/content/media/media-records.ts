import { Injectable } from '@nestjs/common';
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
}
