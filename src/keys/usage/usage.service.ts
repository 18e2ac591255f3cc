import { Inject, Injectable } from '@nestjs/common';
import {
  ownerOfUse,
  type UsageByOwner,
  usageByOwner,
  usageSeries,
  type UseOfKey,
} from '../../audit/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database, type Transaction } from '../../platform/database/index.js';
import { NotFound } from '../../platform/errors/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { subjectQuota } from '../../plans/index.js';
import { Store } from '../../tenants/index.js';
import { Key } from '../key.entity.js';
import { presentKeyWindows, presentUsage } from './present-usage.js';
import { usageRange } from './usage-range.js';
import { operatorReader, type UsageReader } from './usage-reader.js';
import type { UsageQuery, UsageRangeQuery } from './usage.query.js';
import type {
  KeyUsageResponse,
  UsageOfKeysResponse,
  UsageOfStoreResponse,
  UsageResponse,
} from './usage.response.js';
import { presentSubject, reachesStore, scopeOf, usageScope } from './usage-scope.js';
import { namesOf, type UsedKey, usedKeys } from './used-keys.js';

/** Stores told of in one answer. */
const MOST_STORES = 100;

/** What is used of a quota, and by whom: from the ledger that admits, and from what was counted with the log. */
@Injectable()
export class UsageService {
  constructor(
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditRetentionDays'>,
  ) {}

  /** @throws InvalidInput for its range; NotFound for a store that is not the reader's */
  of(query: UsageQuery, reader: UsageReader): Promise<UsageResponse> {
    return this.snapshot(async (tx) => {
      const scope = await usageScope(tx, reader, query.storeId);
      const quota = await subjectQuota(tx, reader.organizationId, scope.subject);
      const range = usageRange(query, quota.at, this.config.auditRetentionDays);
      const storeIds = scope.stores.map(({ id }) => id);
      const series = await usageSeries(tx, { storeIds }, range);
      const used = await usageByOwner(tx, storeIds, range, {
        limit: reader.readsKeys ? query.limit : 0,
        storeId: reader.storeId,
        always: reader.keyId,
      });
      const keys = usesOfKeys(used, reader);
      const facts = await usedKeys(tx, idsOf(keys), quota.at);
      const own = reader.keyId === null ? undefined : facts.get(reader.keyId);
      const seen = scope.stores.filter((store) => reachesStore(reader, store));
      return {
        ...presentUsage(quota, presentSubject(scope, reader.organizationId, quota), own, range, series),
        stores: usesOfStores(seen, used).slice(0, MOST_STORES),
        hasMoreStores: seen.length > MOST_STORES,
        keys: {
          data: await presentKeys(tx, keys, facts, quota.at),
          hasMore: reader.readsKeys && used.hasMoreKeys,
        },
      };
    });
  }

  /**
   * The use of one key, deleted ones too, as long as some of their requests are kept.
   * @param reader null for whoever runs the installation
   * @throws InvalidInput for its range; NotFound for what was never used or is out of the reader's reach
   */
  ofKey(query: UsageRangeQuery, reader: UsageReader | null, keyId: string): Promise<KeyUsageResponse> {
    return this.snapshot(async (tx) => {
      const owner = await ownerOf(tx, keyId);
      if (!owner) throw new NotFound();
      const { organizationId, storeId } = owner;
      if (!reachesStore(reader ?? operatorReader(organizationId), { organizationId, id: storeId })) {
        throw new NotFound('foreign key');
      }
      const scope = scopeOf(await tx.findOneByOrFail(Store, { id: storeId }));
      const quota = await subjectQuota(tx, organizationId, scope.subject);
      const range = usageRange(query, quota.at, this.config.auditRetentionDays);
      const series = await usageSeries(tx, { keyId }, range);
      const facts = await usedKeys(tx, [keyId], quota.at);
      const subject = presentSubject(scope, organizationId, quota);
      const nameOf = await namesOf(tx, [keyId], facts);
      return {
        ...presentUsage(quota, subject, facts.get(keyId), range, series),
        key: presentKey({ keyId, storeId }, facts, nameOf),
      };
    });
  }

  /** Reads that agree with each other, whatever is written meanwhile. */
  private snapshot<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.dataSource.transaction('REPEATABLE READ', work);
  }
}

/** Whose a key is; deleted, whose it was. */
async function ownerOf(
  tx: Transaction,
  keyId: string,
): Promise<{ organizationId: string; storeId: string } | undefined> {
  const key = await tx.findOne(Key, {
    select: { organizationId: true, storeId: true },
    where: { id: keyId },
  });
  return key ?? (await ownerOfUse(tx, keyId));
}

/** The keys to tell of: a key that asks is one of them before it was used. */
function usesOfKeys({ keys }: UsageByOwner, { keyId, storeId }: UsageReader): readonly UseOfKey[] {
  if (keyId === null || storeId === null || keys.some((use) => use.keyId === keyId)) return keys;
  return [...keys, { keyId, storeId, requests: 0, charged: 0 }];
}

/** Every store, the most charged first; of equals the oldest. */
function usesOfStores(stores: readonly Store[], used: UsageByOwner): UsageOfStoreResponse[] {
  const byId = new Map(used.stores.map((use) => [use.storeId, use]));
  return stores
    .map(({ id, name, kind }) => {
      const { requests = 0, charged = 0 } = byId.get(id) ?? {};
      return { id: toPublicId('store', id), name, kind, requests, charged };
    })
    .sort((a, b) => b.charged - a.charged || b.requests - a.requests || (a.id < b.id ? -1 : 1));
}

const idsOf = (uses: readonly UseOfKey[]): string[] => uses.map(({ keyId }) => keyId);

type Facts = ReadonlyMap<string, UsedKey>;

async function presentKeys(
  tx: Transaction,
  uses: readonly UseOfKey[],
  facts: Facts,
  at: number,
): Promise<UsageOfKeysResponse['data']> {
  const nameOf = await namesOf(tx, idsOf(uses), facts);
  return uses.map((use) => ({
    ...presentKey(use, facts, nameOf),
    requests: use.requests,
    charged: use.charged,
    windows: presentKeyWindows(facts.get(use.keyId), at),
  }));
}

function presentKey(
  { keyId, storeId }: { readonly keyId: string; readonly storeId: string },
  facts: Facts,
  nameOf: (id: string) => string | null,
): KeyUsageResponse['key'] {
  return {
    id: toPublicId('key', keyId),
    name: nameOf(keyId),
    storeId: toPublicId('store', storeId),
    status: facts.get(keyId)?.status ?? 'deleted',
  };
}
