import { type LeastPrivilegeResponse, LeastPrivilege, OperatorKeysService } from '../keys/index.js';
import { Database } from '../platform/database/index.js';
import type { Answer } from './answer.js';
import { CommandError } from './errors.js';
import { facts, table, when } from './format.js';
import { levelsText } from './role-views.js';
import { withApplication } from './with-application.js';

/** `gatehouse keys least-privilege` */
export function leastPrivilege(publicId: string): Promise<Answer> {
  return withApplication((app) =>
    app.get(Database).manager.transaction(async (tx) => {
      const key = await app.get(OperatorKeysService).find(tx, publicId);
      if (!key) throw new CommandError('NOT_FOUND', `There is no key ${publicId}.`);
      const told = await app.get(LeastPrivilege).of(tx, key, { namesRoles: true });
      return { document: told, text: textOf(told) };
    }),
  );
}

function textOf({ observedSince, windows, suggestion }: LeastPrivilegeResponse): string {
  const unused = windows.flatMap(({ days, unused: levels }) =>
    levels.map(({ resource, granted, used }) => [`${days} days`, resource, granted, used]),
  );
  const parts = [
    suggestion.reason,
    facts([
      ['Counted since', when(observedSince)],
      ...windows.map(({ days, used }) => [`Used in ${days} days`, levelsText(used)] as const),
      ['Would have served', suggestion.roles.map(({ name }) => name).join(', ') || 'no role needed'],
      ['Permissions for it', JSON.stringify(suggestion.permissions)],
    ]),
  ];
  if (unused.length > 0) parts.push(table(['UNUSED IN', 'RESOURCE', 'HELD', 'USED'], unused));
  return parts.join('\n\n');
}
