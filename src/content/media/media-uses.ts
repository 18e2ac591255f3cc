import { Injectable } from '@nestjs/common';
import type { Transaction } from '../../platform/database/index.js';
import { Conflict, type FieldError, InvalidInput } from '../../platform/errors/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { kindOf, type MediaKind, type MediaType } from './media-types.js';

/** A field of a body that names a medium. */
export interface NamedMedium {
  /** As the caller knows it: `mediaIds[1]`. */
  readonly field: string;
  /** UUID. */
  readonly id: string;
}

/** Uses that an answer names. */
const MOST_NAMED = 10;

/**
 * Which posts and pages use a medium. No table says so: they name it themselves, and indexes find it there. A lock on
 * the medium's row keeps its end and a new use of it apart, whichever comes first.
 */
@Injectable()
export class MediaUses {
  /**
   * Keeps the media from being deleted until the transaction ends, after which what names them does so.
   * @param kind what they must be; without one, whatever there is
   * @throws InvalidInput for what is no medium of the store, or of another kind
   */
  async begin(
    tx: Transaction,
    { storeId }: StoreScope,
    named: readonly NamedMedium[],
    kind?: MediaKind,
  ): Promise<void> {
    if (named.length === 0) return;
    const rows = await tx.query<{ id: string; type: MediaType }[]>(LOCKED, [
      storeId,
      named.map(({ id }) => id),
    ]);
    const types = new Map(rows.map(({ id, type }) => [id, type]));
    const faults = named.flatMap(({ field, id }): FieldError[] => {
      const type = types.get(id);
      if (type === undefined) return [{ field, reason: 'is no medium of this store' }];
      if (kind === undefined || kindOf(type) === kind) return [];
      return [{ field, reason: `must be an ${kind}; this is of the type ${type}` }];
    });
    const [first, ...others] = faults;
    if (first) throw new InvalidInput([first, ...others]);
  }

  /**
   * To be asked by whoever has the medium's row locked for its end.
   * @param id UUID
   * @throws Conflict where something uses it
   */
  async assertUnused(tx: Transaction, id: string): Promise<void> {
    const users = await tx.query<{ kind: 'post' | 'landingPage'; id: string }[]>(USERS, [id]);
    if (users.length === 0) return;
    throw new Conflict('Posts or landing pages use this file: an older version of a page counts as well.', {
      usedBy: users.map((user) => toPublicId(user.kind, user.id)),
    });
  }
}

/** In one order, and no stronger than need be: several posts may begin to use one at once. */
const LOCKED = `
SELECT id, type FROM media WHERE store_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id FOR KEY SHARE
`;

/** What names the medium $1, as the indexes have it. */
export const IN_POST = `(p.media_ids @> ARRAY[$1::uuid]
  OR p.variants @> jsonb_build_array(jsonb_build_object('mediaIds', jsonb_build_array($1::uuid))))`;
export const inBlocks = (column: string): string =>
  `${column} @> jsonb_build_array(jsonb_build_object('mediaId', $1::uuid))`;

const USERS = `
(SELECT 'post' AS kind, p.id FROM posts p WHERE ${IN_POST} ORDER BY p.id LIMIT ${MOST_NAMED})
UNION ALL
(SELECT 'landingPage', l.id FROM landing_pages l
 WHERE ${inBlocks('l.blocks')}
   OR l.id IN (SELECT v.page_id FROM landing_page_versions v WHERE ${inBlocks('v.blocks')})
 ORDER BY l.id LIMIT ${MOST_NAMED})
LIMIT ${MOST_NAMED}
`;
