import { randomBytes } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { BoxHolder, MasterSecrets, SecretBox, SecretHolders } from '../../platform/crypto/index.js';
import { Database } from '../../platform/database/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { assertTarget, secretText } from '../../platform/outbound/index.js';
import { matching, type StoreCollection, StoreRecords } from '../../platform/records/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import type { PostPlatform } from '../posts/post-platforms.js';
import type {
  SocialAccountBody,
  SocialAccountListQuery,
  SocialAccountPatch,
} from './dto/social-account-body.js';
import {
  type SocialAccountView,
  type SocialAccountWithSecretView,
  viewOf,
} from './dto/social-account-view.js';
import { accountPlace, type AccountStatus, SocialAccount } from './social-account.entity.js';

const SECRET_BYTES = 32;

/** The accounts of one store at a time. */
@Injectable()
export class SocialAccountsService implements OnModuleInit {
  private readonly accounts: StoreCollection<SocialAccount, SocialAccountView>;

  constructor(
    records: StoreRecords,
    private readonly database: Database,
    private readonly transactions: BusinessTransactions,
    private readonly box: SecretBox,
    private readonly masters: MasterSecrets,
    private readonly holders: SecretHolders,
    @Inject(CONFIG) config: Config,
  ) {
    this.accounts = records.of<SocialAccount, SocialAccountView>({
      entity: SocialAccount,
      name: 'socialAccount',
      plural: 'social-accounts',
      unique: { social_accounts_connected: 'platform' },
      view: viewOf,
      check: ({ url }) => assertTarget(url, config.webhookAllowPrivate),
    });
  }

  /** A change of the master secret carries the accounts' secrets over. */
  onModuleInit(): void {
    const boxes = {
      table: 'social_accounts',
      column: 'sealed',
      name: 'secrets of social accounts',
      placeColumn: 'id',
      place: accountPlace,
      owner: { kind: 'socialAccount', table: 'social_accounts', column: 'id', name: 'o.name' },
      isInForce: `b.status = 'CONNECTED'`,
      lastUse: 'NULL::timestamptz',
    } as const;
    this.holders.register(new BoxHolder(boxes, this.masters, this.box));
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: SocialAccountListQuery): Promise<Page<SocialAccountView>> {
    return this.accounts.page(store, query, (builder, { q, platform, status }) => {
      matching(builder, q, ['name']);
      if (platform) builder.andWhere('socialAccount.platform = :platform', { platform });
      if (status) builder.andWhere('socialAccount.status = :status', { status });
    });
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<SocialAccountView> {
    return this.accounts.get(store, id);
  }

  /**
   * Connects an account; its secret is in this answer alone.
   * @throws InvalidInput for an address that cannot be posted to; Conflict where the network has one that is connected;
   *   what BusinessTransactions throws for its Idempotency-Key
   */
  create(
    context: RequestContext,
    store: StoreScope,
    { platform, name, url }: SocialAccountBody,
  ): Promise<SocialAccountWithSecretView> {
    return this.transactions.run(
      context,
      async (tx) => {
        const [id, secret] = [newUuid(), randomBytes(SECRET_BYTES)];
        const sealed = this.box.seal(secret, accountPlace(id));
        const content = { id, platform, name, url, sealed, status: 'CONNECTED' as const };
        const account = await this.accounts.insert(tx, store, content);
        return { ...viewOf(account), secret: secretText(secret) };
      },
      { secretOf: ({ id }) => id },
    );
  }

  /** @throws NotFound, PreconditionFailed, InvalidInput */
  update(
    context: RequestContext,
    store: StoreScope,
    id: string,
    patch: SocialAccountPatch,
  ): Promise<SocialAccountView> {
    return this.accounts.change(context, store, id, { ...patch });
  }

  /** Connects or disconnects; doing so twice changes nothing. @throws NotFound, Conflict */
  turn(
    context: RequestContext,
    store: StoreScope,
    id: string,
    status: AccountStatus,
  ): Promise<SocialAccountView> {
    return this.accounts.change(context, store, id, { status });
  }

  /** @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.accounts.delete(context, store, id);
  }

  /** The account that a post for a network goes to, if any. */
  async connected({ storeId }: StoreScope, platform: PostPlatform): Promise<SocialAccount | undefined> {
    const account = await this.database.manager.findOneBy(SocialAccount, {
      ...{ storeId, platform },
      status: 'CONNECTED',
    });
    return account ?? undefined;
  }

  /** The networks that a store has a connected account on. */
  async networks({ storeId }: StoreScope): Promise<ReadonlySet<PostPlatform>> {
    const accounts = await this.database.manager.find(SocialAccount, {
      select: { id: true, platform: true },
      where: { storeId, status: 'CONNECTED' },
    });
    return new Set(accounts.map(({ platform }) => platform));
  }
}
