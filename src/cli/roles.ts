import { Database } from '../platform/database/index.js';
import { toPublicId, toPublicIdOrNull } from '../platform/ids/index.js';
import { Role } from '../roles/index.js';
import type { Answer } from './answer.js';
import { table } from './format.js';
import { withApplication } from './with-application.js';

/** `gatehouse roles list`: the built-in roles, then every organization's own. */
export function listRoles(): Promise<Answer> {
  return withApplication(async (app) => {
    const roles = await app.get(Database).manager.find(Role, {
      order: { organizationId: { direction: 'ASC', nulls: 'FIRST' }, id: 'ASC' },
    });
    const data = roles.map((role) => ({
      id: toPublicId('role', role.id),
      name: role.name,
      description: role.description,
      builtin: role.organizationId === null,
      organizationId: toPublicIdOrNull('organization', role.organizationId),
      grants: role.grants,
    }));
    return { document: { data }, text: rolesText(data) };
  });
}

interface RoleView {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string | null;
  readonly grants: Readonly<Record<string, string>>;
}

function rolesText(roles: readonly RoleView[]): string {
  if (roles.length === 0) return 'There are no roles yet: start the server once (npm start).';
  const rows = roles.map(({ id, name, organizationId, grants }) => {
    const levels = Object.entries(grants).map(([resource, level]) => `${resource} ${level}`);
    return [id, name, organizationId ?? 'built in', levels.join(', ') || 'nothing'];
  });
  return table(['ID', 'NAME', 'ORGANIZATION', 'GRANTS'], rows);
}
