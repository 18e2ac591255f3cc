import { Injectable } from '@nestjs/common';
import type { PostPlatform } from '../post-platforms.js';
import type { Connector } from './connector.js';

/** Which connector serves which platform. */
@Injectable()
export class Connectors {
  private readonly byPlatform = new Map<PostPlatform, Connector>();

  /** @throws Error where a platform has one already */
  register(connector: Connector): void {
    for (const platform of connector.platforms) {
      if (this.byPlatform.has(platform)) throw new Error(`Two connectors serve ${platform}.`);
      this.byPlatform.set(platform, connector);
    }
  }

  find(platform: PostPlatform): Connector | undefined {
    return this.byPlatform.get(platform);
  }
}
