import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  type HeldCount,
  type HeldSecret,
  MasterSecrets,
  type SecretHolder,
  SecretHolders,
} from '../../platform/crypto/index.js';
import type { Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';

/** What still works, with the accepted ids as $1: of what is not noted, the older secret is assumed. */
const OPEN_LINKS = `
SELECT id, email, created_at, expires_at, coalesce(master_id, ($1::text[])[cardinality($1::text[])]) AS master_id
FROM invitations
WHERE token_digest IS NOT NULL AND accepted_at IS NULL AND expires_at > gate_clock()`;

const COUNT = `
SELECT master_id AS "masterId", count(*)::integer AS count, count(*)::integer AS waiting
FROM (${OPEN_LINKS}) AS link GROUP BY 1 ORDER BY 1`;

const LEFT = `
SELECT id, email AS name, expires_at AS "endsAt"
FROM (${OPEN_LINKS}) AS link WHERE master_id <> ($1::text[])[1] ORDER BY expires_at DESC, id LIMIT $2`;

/**
 * The links of open invitations, for a change of the master secret. Their tokens are kept nowhere, so that no other
 * digest can be made of them: they are named, and work until they end, are renewed, or the older secret is dropped.
 */
@Injectable()
export class InvitationLinkHolder implements SecretHolder, OnModuleInit {
  readonly name = 'invitation links';

  constructor(
    private readonly holders: SecretHolders,
    private readonly secrets: MasterSecrets,
  ) {}

  onModuleInit(): void {
    this.holders.register(this);
  }

  count(tx: Transaction): Promise<HeldCount[]> {
    return tx.query(COUNT, [this.secrets.ids]);
  }

  renew(): Promise<number> {
    return Promise.resolve(0);
  }

  async left(tx: Transaction, limit: number): Promise<HeldSecret[]> {
    const rows = await tx.query<Pick<HeldSecret, 'id' | 'name' | 'endsAt'>[]>(LEFT, [
      this.secrets.ids,
      limit,
    ]);
    return rows.map(({ id, ...row }) => ({
      id: toPublicId('invitation', id),
      ...row,
      working: true,
      renewable: false,
      lastUsedAt: null,
    }));
  }
}
