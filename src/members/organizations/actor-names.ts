import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import type { ChangeLogRow } from '../../audit/index.js';
import { Key } from '../../keys/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { Member } from '../member.entity.js';

/** Whoever made a change, as the API shows it. */
export interface NamedActor {
  readonly type: string;
  readonly id: string;
  readonly name: string | null;
}

type Acted = Pick<ChangeLogRow, 'actorType' | 'actorId'>;

/** Gives the actors of the change log their names. */
@Injectable()
export class ActorNames {
  /**
   * Looks up the actors of some rows, by a statement for keys and one for members.
   * @param organizationId UUID; where it is given, only the actors of that organization have names
   * @returns what presents the actor of one of those rows
   */
  async of(
    tx: Transaction,
    rows: readonly Acted[],
    organizationId?: string,
  ): Promise<(row: Acted) => NamedActor> {
    const where = (type: string) => ({
      id: In([...new Set(rows.filter(({ actorType }) => actorType === type).map(({ actorId }) => actorId))]),
      ...(organizationId === undefined ? {} : { organizationId }),
    });
    const select = { id: true, name: true } as const;
    const named = [
      ...(await tx.find(Key, { where: where('key'), select })),
      ...(await tx.find(Member, { where: where('member'), select })),
    ];
    const nameOf = new Map(named.map(({ id, name }) => [id, name]));
    return ({ actorType: type, actorId }) => ({
      type,
      id: type === 'key' || type === 'member' ? toPublicId(type, actorId) : actorId,
      name: nameOf.get(actorId) ?? null,
    });
  }
}
