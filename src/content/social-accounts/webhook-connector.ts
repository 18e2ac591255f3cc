import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { SecretBox } from '../../platform/crypto/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { isFinalRefusal, Outbound, signatureHeaders } from '../../platform/outbound/index.js';
import { type Connector, type PublishOrder, PublishRefused } from '../posts/publishing/connector.js';
import { Connectors } from '../posts/publishing/connectors.js';
import { accountPlace } from './social-account.entity.js';
import { SocialAccountsService } from './social-accounts.service.js';

/**
 * Sends posts to the address of the store's account on the network, signed as Standard Webhooks are. The address
 * publishes them there, once for each `webhook-id`, and may answer where they are seen: `{"url": "https://…"}`.
 */
@Injectable()
export class WebhookConnector implements Connector, OnModuleInit {
  readonly platforms = ['any'] as const;
  private readonly outbound: Outbound;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly connectors: Connectors,
    private readonly accounts: SocialAccountsService,
    private readonly box: SecretBox,
  ) {
    this.outbound = new Outbound({ allowPrivate: config.webhookAllowPrivate });
  }

  onModuleInit(): void {
    this.connectors.register(this);
  }

  /** @throws PublishRefused where there is no account, or its address refuses; Error where it cannot be reached */
  async publish({ store, idempotencyKey, platform, ...post }: PublishOrder): Promise<{ url: string | null }> {
    const account = await this.accounts.connected(store, platform);
    if (!account) throw new PublishRefused(`No account is connected for ${platform}.`);
    const { postId, title, caption, link, media } = post;
    const body = JSON.stringify({
      type: 'post.publish',
      platform,
      account: { id: toPublicId('socialAccount', account.id), name: account.name },
      post: { id: postId, title, caption, link, media },
    });
    const secret = this.box.open(account.sealed, accountPlace(account.id));
    const result = await this.outbound.post(
      account.url,
      {
        'content-type': 'application/json',
        'user-agent': 'Gatehouse-Publisher/1',
        'idempotency-key': idempotencyKey,
        ...signatureHeaders([secret], idempotencyKey, Math.floor(Date.now() / 1_000), body),
      },
      body,
    );
    if (result.kind === 'failed') throw new Error(result.message);
    const { status } = result;
    if (status >= 200 && status < 300) return { url: urlIn(result.body) };
    if (isFinalRefusal(status)) throw new PublishRefused(`The account’s address answered ${status}.`);
    throw new Error(`The account’s address answered ${status}.`);
  }
}

/** Where the answer says that the post is seen; null where it says nothing that can be followed. */
function urlIn(body: Buffer): string | null {
  try {
    const { url } = JSON.parse(body.toString()) as { url?: unknown };
    return typeof url === 'string' && url.length <= 2_000 && /^https:\/\/[^\s\\]+$/.test(url) ? url : null;
  } catch {
    return null;
  }
}
