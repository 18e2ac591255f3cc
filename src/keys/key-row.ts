import type { Level } from '../platform/http/index.js';
import type { Grants } from '../roles/index.js';
import type { KeyStatus } from './dto/key.query.js';
import { KEY_STATUS_SQL, ROTATION_DUE_SQL } from './key-sql.js';

interface SecretRow {
  readonly id: string;
  readonly preview: string;
  readonly createdAt: string;
  readonly notAfter: string | null;
}

/** A key with all that its form in the API is made of. */
export interface KeyRow {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  readonly environment: 'live' | 'test';
  readonly status: KeyStatus;
  readonly permissions: Grants | null;
  readonly ipAllowlist: string[] | null;
  readonly metadata: Record<string, unknown>;
  readonly hourLimit: number | null;
  readonly dayLimit: number | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly revokedReason: string | null;
  readonly createdByType: 'key' | 'member' | 'system';
  readonly createdById: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly roleId: string;
  readonly roleName: string;
  readonly grants: Grants;
  readonly cap: Level;
  readonly ownerId: string | null;
  readonly rotationDue: boolean;
  readonly secrets: SecretRow[];
}

/** How many of its ended secrets a key shows, so that one that is rotated often does not grow without bound. */
const ENDED_SECRETS_SHOWN = 10;

/** Keys by their UUIDs ($1), in no order. Of each its newest secret, those that still work, and the latest ended ones. */
export const SELECT_KEYS = `
SELECT k.id, k.store_id AS "storeId", k.name, k.environment, ${KEY_STATUS_SQL} AS "status",
  k.permissions, k.ip_allowlist AS "ipAllowlist", k.metadata,
  k.hour_limit AS "hourLimit", k.day_limit AS "dayLimit",
  k.expires_at AS "expiresAt", k.revoked_at AS "revokedAt", k.revoked_reason AS "revokedReason",
  k.created_by_type AS "createdByType", k.created_by_id AS "createdById", k.created_at AS "createdAt", k.updated_at AS "updatedAt",
  r.id AS "roleId", r.name AS "roleName", r.grants, coalesce(o.highest_level, p.highest_level) AS "cap",
  k.owner_id AS "ownerId", ${ROTATION_DUE_SQL} AS "rotationDue",
  (SELECT json_agg(json_build_object('id', s.id, 'preview', s.preview, 'createdAt', s.created_at, 'notAfter', s.not_after)
     ORDER BY s.created_at DESC, s.id DESC) FROM key_secrets s WHERE s.key_id = k.id
       AND (coalesce(s.not_after > gate_clock(), true) OR s.id IN (
         SELECT e.id FROM key_secrets e WHERE e.key_id = k.id AND e.not_after <= gate_clock()
         ORDER BY e.created_at DESC, e.id DESC LIMIT ${ENDED_SECRETS_SHOWN}))) AS "secrets"
FROM keys k
JOIN roles r ON r.id = k.role_id
JOIN organizations o ON o.id = k.organization_id
JOIN plans p ON p.id = o.plan_id
WHERE k.id = ANY ($1)`;
