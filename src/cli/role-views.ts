import type { ChangedRoleResponse, RolePreviewResponse, RoleResponse } from '../roles/index.js';
import { facts, table } from './format.js';

type LevelMap = Readonly<Record<string, string>>;

interface ListedRole {
  readonly id: string;
  readonly name: string;
  readonly organizationId: string | null;
  readonly grants: LevelMap;
}

/** Roles as columns, or what to do where there are none. */
export function rolesText(roles: readonly ListedRole[]): string {
  if (roles.length === 0) return 'There are no roles yet: start the server once (npm start).';
  const rows = roles.map(({ id, name, organizationId, grants }) => [
    id,
    name,
    organizationId ?? 'built in',
    levelsText(grants),
  ]);
  return table(['ID', 'NAME', 'ORGANIZATION', 'GRANTS'], rows);
}

/** One role, a fact a line. */
export function roleText({ id, name, description, builtin, grants, levels }: RoleResponse): string {
  const given = Object.fromEntries(Object.entries(levels).filter(([, level]) => level !== 'none'));
  return facts([
    ['Id', id],
    ['Name', builtin ? `${name}, built in` : name],
    ...(description === '' ? [] : [['Description', description] as const]),
    ['Grants', levelsText(grants)],
    ['Gives', levelsText(given)],
  ]);
}

/** A changed role: what changed, whom it reaches, and, in a preview, what each key would lose or gain. */
export function changeText(role: ChangedRoleResponse | RolePreviewResponse): string {
  const { levels, affectedKeys, affectedMembers } = role.change;
  const rows = levels.map(({ resource, before, after }) => [resource, before, after]);
  const parts = [
    roleText(role),
    rows.length > 0 ? table(['RESOURCE', 'BEFORE', 'AFTER'], rows) : 'No level is another than before.',
    `Active keys with the role: ${affectedKeys}. Members: ${affectedMembers}.`,
  ];
  const keys = 'keys' in role ? (role.keys ?? []) : [];
  const reached = keys.flatMap(({ id, name, levels: own }) =>
    own.map(({ resource, before, after }) => [id, name, resource, before, after]),
  );
  if (reached.length > 0) parts.push(table(['KEY', 'NAME', 'RESOURCE', 'BEFORE', 'AFTER'], reached));
  return parts.join('\n\n');
}

/** `content read, analytics write`. */
export function levelsText(levels: LevelMap): string {
  return (
    Object.entries(levels)
      .map(([resource, level]) => `${resource} ${level}`)
      .join(', ') || 'nothing'
  );
}
