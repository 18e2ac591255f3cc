import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../../platform/config/index.js';
import { toPublicId } from '../../../platform/ids/index.js';
import type { Connector, PublishOrder } from './connector.js';
import { Connectors } from './connectors.js';

/** Where a store's JSON Feed is: a path of this server. */
export const feedPath = (storeId: string): string => `/feeds/${toPublicId('store', storeId)}/feed.json`;

/** The store's own feeds: what is published there is in them as soon as that is recorded. */
@Injectable()
export class FeedConnector implements Connector, OnModuleInit {
  readonly platforms = ['feed'] as const;

  constructor(
    private readonly connectors: Connectors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.connectors.register(this);
  }

  publish({ store }: PublishOrder): Promise<{ url: string | null }> {
    const origin = this.config.publicUrl?.replace(/\/$/, '') ?? '';
    return Promise.resolve({ url: `${origin}${feedPath(store.storeId)}` });
  }
}
