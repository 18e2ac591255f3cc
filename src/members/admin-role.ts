import { BUILTIN_ROLES } from '../roles/index.js';

/** The built-in role that may do everything: whoever keeps an organization going has it. */
export const ADMIN_ROLE_ID = idOf('admin');

function idOf(name: string): string {
  const role = BUILTIN_ROLES.find((builtin) => builtin.name === name);
  if (!role) throw new Error(`There is no built-in role "${name}".`);
  return role.id;
}
