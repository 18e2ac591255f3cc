import { BUILTIN_ROLES } from '../../src/roles/index.js';
import { newUuid, toPublicId } from '../../src/platform/ids/index.js';
import { Jobs } from '../../src/platform/jobs/index.js';
import { createLogger } from '../../src/platform/logging/index.js';
import type { TestApp } from '../support/test-app.js';
import { uuidOf } from './key-calls.js';

/** Runs a job once, in this process, as its worker would. */
export async function runJob(app: TestApp, name: string): Promise<void> {
  const task = app.get(Jobs).tasks.find((one) => one.name === name);
  if (!task) throw new Error(`There is no job ${name}.`);
  const signal = new AbortController().signal;
  await task.run({}, { logger: createLogger('silent'), signal, attempt: 1, tick: undefined });
}

export interface EventView {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly request_id: string | null;
}

/** What was told of a key, oldest first. */
export const eventsOf = (app: TestApp, keyId: string): Promise<EventView[]> =>
  app.sql<EventView>(
    'SELECT type, data, request_id FROM events WHERE subject_id = $1 ORDER BY occurred_at, id',
    [keyId],
  );

/** Moves everything that a key has been through into the past. */
export async function age(app: TestApp, keyId: string, days: number): Promise<void> {
  const id = uuidOf('key', keyId);
  const past = 'now() - make_interval(days => $2, mins => 1)';
  await app.sql(`UPDATE keys SET created_at = ${past}, expiry_set_at = ${past} WHERE id = $1`, [id, days]);
  await app.sql(`UPDATE key_secrets SET created_at = ${past} WHERE key_id = $1`, [id, days]);
  await app.sql(`UPDATE key_activity SET last_used_at = ${past} WHERE key_id = $1`, [id, days]);
}

/** A member of an organization, straight into the database; answers the public id. */
export async function member(
  app: TestApp,
  organizationId: string,
  name: string,
  status = 'active',
): Promise<string> {
  const id = newUuid();
  await app.sql(
    'INSERT INTO members (id, organization_id, role_id, email, name, status) VALUES ($1, $2, $3, $4, $5, $6)',
    [
      id,
      uuidOf('organization', organizationId),
      BUILTIN_ROLES.find((role) => role.name === 'admin')?.id,
      `${id}@example.org`,
      name,
      status,
    ],
  );
  return toPublicId('member', id);
}
