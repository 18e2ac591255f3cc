import { Injectable } from '@nestjs/common';
import { lastUses, type SecretUse, usageToday } from '../audit/index.js';
import type { Transaction } from '../platform/database/index.js';
import { type Level, lowerLevel } from '../platform/http/index.js';
import { toPublicId } from '../platform/ids/index.js';
import { ResourceRegistry } from '../roles/index.js';
import type { KeyResponse } from './dto/key.response.js';
import { type KeyOwner, KeyOwners } from './key-owners.js';
import { type KeyRow, SELECT_KEYS } from './key-row.js';

/** Figures of use are no part of a key's version. */
export const UNVERSIONED_FIELDS = ['lastUsedAt', 'lastUsedIp', 'usageToday', 'secrets', 'rotationDue'];

/** Keys as the API shows them: never with a token, always with what they may do and who used them last. */
@Injectable()
export class KeyPresenter {
  constructor(
    private readonly registry: ResourceRegistry,
    private readonly owners: KeyOwners,
  ) {}

  /** One key, by its UUID, which exists. */
  async one(tx: Transaction, id: string): Promise<KeyResponse> {
    const [key] = await this.many(tx, [id]);
    if (!key) throw new Error('The key to be shown does not exist.');
    return key;
  }

  /** Several keys, in the order of their UUIDs' list, by a statement for each of what they are, who used
   * them last, what they used today, and who owns them. */
  async many(tx: Transaction, ids: readonly string[]): Promise<KeyResponse[]> {
    if (ids.length === 0) return [];
    const rows = await tx.query<KeyRow[]>(SELECT_KEYS, [ids]);
    const found = await lastUses(tx, ids);
    const uses = new Map(found.map((use) => [use.secretId, use]));
    const latest = new Map(
      found.toSorted((a, b) => +a.lastUsedAt - +b.lastUsedAt).map((use) => [use.keyId, use]),
    );
    const today = new Map((await usageToday(tx, ids)).map((usage) => [usage.keyId, usage]));
    const ownerIds = [...new Set(rows.flatMap(({ ownerId }) => ownerId ?? []))];
    const owners = new Map((await this.owners.named(tx, ownerIds)).map((owner) => [owner.id, owner]));
    const byId = new Map(
      rows.map((row) => {
        const secrets = row.secrets.map((secret) => {
          const use = uses.get(secret.id);
          return {
            id: toPublicId('keySecret', secret.id),
            preview: secret.preview,
            createdAt: timeText(secret.createdAt),
            endsAt: endOf(secret, row),
            lastUsedAt: use ? use.lastUsedAt.toISOString() : null,
            lastUsedIp: use?.lastUsedIp ?? null,
          };
        });
        const { requests = 0, charged = 0 } = today.get(row.id) ?? {};
        const owner = row.ownerId === null ? undefined : owners.get(row.ownerId);
        return [row.id, this.present(row, secrets, latest.get(row.id), { requests, charged }, owner)];
      }),
    );
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  private present(
    row: KeyRow,
    secrets: KeyResponse['secrets'],
    lastUse: SecretUse | undefined,
    usageToday: KeyResponse['usageToday'],
    owner: KeyOwner | undefined,
  ): KeyResponse {
    const newest = secrets[0];
    return {
      id: toPublicId('key', row.id),
      storeId: toPublicId('store', row.storeId),
      name: row.name,
      preview: newest?.preview ?? '',
      status: row.status,
      environment: row.environment,
      role: { id: toPublicId('role', row.roleId), name: row.roleName },
      permissions: row.permissions,
      effective: this.effective(row),
      ipAllowlist: row.ipAllowlist,
      metadata: row.metadata,
      limits: { hour: row.hourLimit, day: row.dayLimit },
      expiresAt: row.expiresAt?.toISOString() ?? null,
      revokedAt: row.revokedAt?.toISOString() ?? null,
      revokedReason: row.revokedReason,
      rotationDue: row.rotationDue,
      owner: owner ? { id: toPublicId('member', owner.id), name: owner.name } : null,
      createdBy: { type: row.createdByType, id: publicActorId(row) },
      createdAt: row.createdAt.toISOString(),
      updatedAt: row.updatedAt.toISOString(),
      lastUsedAt: lastUse?.lastUsedAt.toISOString() ?? null,
      lastUsedIp: lastUse?.lastUsedIp ?? null,
      usageToday,
      secrets,
    };
  }

  private effective({ grants, permissions, cap }: KeyRow): Record<string, Level> {
    const byRole = this.registry.compile(grants);
    const byKey = permissions === null ? byRole : this.registry.compile(permissions);
    return Object.fromEntries(
      this.registry.list().map(({ name }) => {
        const level = lowerLevel(byRole.get(name) ?? 'none', byKey.get(name) ?? 'none');
        return [name, lowerLevel(level, cap)];
      }),
    );
  }
}

function publicActorId({ createdByType, createdById }: KeyRow): string {
  return createdByType === 'system' ? createdById : toPublicId(createdByType, createdById);
}

/** When a secret stops working by itself; null where its key's end comes first, or nothing does. */
function endOf({ notAfter }: KeyRow['secrets'][number], { expiresAt }: KeyRow): string | null {
  if (notAfter === null || (expiresAt !== null && new Date(notAfter) >= expiresAt)) return null;
  return timeText(notAfter);
}

/** PostgreSQL's JSON writes times with an offset; ours end in Z. */
function timeText(text: string): string {
  return new Date(text).toISOString();
}
