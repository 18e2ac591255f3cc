import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { MasterSecrets } from '../../../platform/crypto/index.js';
import { type Actor, Database, databaseClock, type Transaction } from '../../../platform/database/index.js';
import { InvalidInput } from '../../../platform/errors/index.js';
import { Lists, type Page } from '../../../platform/http/lists/index.js';
import { newUuid } from '../../../platform/ids/index.js';
import type { ErasureInput, ErasureResponse, ListErasuresQuery } from './dto.js';
import { Erasure } from './erasure.entity.js';
import { presentErasure } from './present-erasure.js';

/** Who asks for an erasure, and in whose rows. */
export interface ErasureBy {
  readonly actor: Actor;
  /** UUID; null: the whole installation, rows that belong to no organization too. */
  readonly organizationId: string | null;
}

/** Records of erasures. What they say is done by `Eraser`. */
@Injectable()
export class ErasuresService {
  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
    private readonly lists: Lists,
  ) {}

  /** Records that an erasure is to be done. @throws InvalidInput unless it names one of member, key and address */
  async create(tx: Transaction, input: ErasureInput, { actor, organizationId }: ErasureBy): Promise<Erasure> {
    const { memberId, keyId, ip, before, reason } = input;
    if ([memberId, keyId, ip].filter((one) => one !== undefined).length !== 1) {
      throw new InvalidInput([
        { field: 'memberId', reason: 'or keyId or ip: exactly one of them is required' },
      ]);
    }
    if (ip !== undefined && (isIP(ip) === 0 || ip.includes('%'))) {
      throw new InvalidInput([{ field: 'ip', reason: 'must be an address, e.g. 192.0.2.7' }]);
    }
    const now = await databaseClock(tx);
    const id = newUuid();
    await tx.insert(Erasure, {
      id,
      organizationId,
      actorType: actor.type,
      actorId: actor.id,
      reason,
      memberId: memberId ?? null,
      keyId: keyId ?? null,
      addressDigest: ip === undefined ? null : this.secrets.digest('erased-address', ip),
      before: before && before < now ? before : now,
    });
    return tx.findOneByOrFail(Erasure, { id });
  }

  /** @param id UUID @throws where there is none */
  get(id: string): Promise<Erasure> {
    return this.database.manager.findOneByOrFail(Erasure, { id });
  }

  /** A page of the erasures of an organization (its UUID), or of all there are. @throws InvalidInput */
  list(query: ListErasuresQuery, organizationId?: string): Promise<Page<ErasureResponse>> {
    const builder = this.database.manager.createQueryBuilder(Erasure, 'erasure');
    if (organizationId !== undefined) {
      builder.where('erasure.organization_id = :organizationId', { organizationId });
    }
    return this.lists.page(query, {
      name: `erasures/${organizationId ?? 'all'}`,
      builder,
      present: presentErasure,
    });
  }
}
