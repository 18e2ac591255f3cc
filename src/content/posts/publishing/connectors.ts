import { Injectable } from '@nestjs/common';
import type { PostPlatform } from '../post-platforms.js';
import type { Connector } from './connector.js';

/** Which connector serves which platform: one of its own goes before the one that serves any. */
@Injectable()
export class Connectors {
  private readonly byPlatform = new Map<PostPlatform | 'any', Connector>();

  /** @throws Error where a platform has one already */
  register(connector: Connector): void {
    for (const platform of connector.platforms) {
      if (this.byPlatform.has(platform)) throw new Error(`Two connectors serve ${platform}.`);
      this.byPlatform.set(platform, connector);
    }
  }

  /** @throws Error where nobody serves it */
  find(platform: PostPlatform): Connector {
    const connector = this.byPlatform.get(platform) ?? this.byPlatform.get('any');
    if (!connector) throw new Error(`No connector serves ${platform}.`);
    return connector;
  }
}
