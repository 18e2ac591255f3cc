import { Inject, Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';
import { levelUses } from '../../audit/index.js';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { databaseClock, type Transaction } from '../../platform/database/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { ResourceRegistry, Role } from '../../roles/index.js';
import type { KeyResponse } from '../dto/key.response.js';
import { KeyPresenter } from '../key-presenter.js';
import type { Key } from '../key.entity.js';
import type {
  LeastPrivilegeResponse,
  LeastPrivilegeSuggestionResponse,
  SuggestedRoleResponse,
  UseWindowResponse,
} from './least-privilege.response.js';
import { smallestRoles } from './smallest-roles.js';
import { fewestGrants, unusedLevels, usedWithin } from './used-levels.js';

/** In days; what is suggested goes by the last. */
const SHORT_WINDOW = 30;
const LONG_WINDOW = 90;
const DAY_MS = 86_400_000;
const SUGGESTED_ROLES = 5;
/** An organization has some dozens; of more than this the newest are not looked at. */
const MOST_ROLES = 1_000;

/** Compares what a key may do with what it did, as the log counted it. */
@Injectable()
export class LeastPrivilege {
  constructor(
    private readonly registry: ResourceRegistry,
    private readonly presenter: KeyPresenter,
    @Inject(CONFIG) private readonly config: Pick<Config, 'auditRetentionDays'>,
  ) {}

  /**
   * @param namesRoles whether whoever asks may read roles; otherwise the built-in ones and the key's own are
   *   suggested alone
   */
  async of(
    tx: Transaction,
    key: Key,
    { namesRoles }: { namesRoles: boolean },
  ): Promise<LeastPrivilegeResponse> {
    const now = await databaseClock(tx);
    const uses = await levelUses(tx, key.id);
    const shown = await this.presenter.one(tx, key.id);
    const windows = [SHORT_WINDOW, LONG_WINDOW].map((days) => {
      const used = usedWithin(days, uses, now, this.registry);
      return { days, used, unused: unusedLevels(shown.effective, used, this.registry) };
    });
    const [, long] = windows;
    if (!long) throw new Error('There is no window to go by.');
    const keptSince = now.getTime() - this.config.auditRetentionDays * DAY_MS;
    return {
      keyId: shown.id,
      observedSince: new Date(Math.max(key.createdAt.getTime(), keptSince)).toISOString(),
      windows,
      suggestion: await this.suggestion(tx, key, long, {
        namesRoles,
        shown,
        since: now.getTime() - LONG_WINDOW * DAY_MS,
      }),
    };
  }

  private async suggestion(
    tx: Transaction,
    key: Key,
    { used, unused }: UseWindowResponse,
    { namesRoles, shown, since }: { namesRoles: boolean; shown: KeyResponse; since: number },
  ): Promise<LeastPrivilegeSuggestionResponse> {
    const grants = { ...fewestGrants(used, this.registry) };
    const usedLevels = Object.keys(used).length > 0;
    const fitting = usedLevels
      ? smallestRoles(await rolesFor(tx, key, namesRoles), used, this.registry).slice(0, SUGGESTED_ROLES)
      : [];
    const roles = fitting.map(suggested);
    const words = { roles, grants, permissions: grants, role: roles[0] ?? null };
    if (!usedLevels && !wasUsedSince(shown, since)) {
      const reason =
        shown.lastUsedAt === null
          ? 'The key was never used: it could be revoked.'
          : `The key was not used in the last ${LONG_WINDOW} days: it could be revoked.`;
      return { ...words, advice: 'revoke', reason };
    }
    if (unused.length === 0) {
      return { ...words, advice: 'keep', reason: 'The key used all that it holds.' };
    }
    const count = unused.length === 1 ? 'one resource' : `${unused.length} resources`;
    const reason = usedLevels
      ? `The key holds more than it used on ${count}.`
      : `The key was used for nothing that needs a grant, and holds levels on ${count}.`;
    return { ...words, advice: 'narrow', reason };
  }
}

function wasUsedSince({ lastUsedAt }: KeyResponse, since: number): boolean {
  return lastUsedAt !== null && Date.parse(lastUsedAt) >= since;
}

function rolesFor(tx: Transaction, key: Key, namesRoles: boolean): Promise<Role[]> {
  const own = namesRoles ? { organizationId: key.organizationId } : { id: key.roleId };
  return tx.find(Role, {
    where: [{ organizationId: IsNull() }, own],
    order: { id: 'ASC' },
    take: MOST_ROLES,
  });
}

function suggested({ id, name, organizationId }: Role): SuggestedRoleResponse {
  return { id: toPublicId('role', id), name, builtin: organizationId === null };
}
