import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { RoleOptions } from '../roles.js';
import { collect, leaf, type Say } from './leaf.js';

const work = () => import('../roles.js');
const catalogues = () => import('../catalogues.js');

/** `gatehouse roles …` */
export function addRoles(program: Command, say: Say): void {
  const roles = program.command('roles').description('the roles that keys and members can have');
  leaf(roles, 'list', 'lists them with what they grant')
    .option('--organization <id>', 'the built-in ones and those of this organization, org_…')
    .action((options: CommonOptions) => say(options, async () => (await work()).listRoles(options)));
  leaf(roles, 'resources', 'lists everything that grants can name').action((options: CommonOptions) =>
    say(options, async () => (await catalogues()).listResources()),
  );
  leaf(roles, 'policies', 'lists the ready policies and what they come to').action((options: CommonOptions) =>
    say(options, async () => (await catalogues()).listPolicies()),
  );
  leaf(roles, 'show', 'shows a role and what its grants come to')
    .argument('<role>', 'its id, rol_…, or the name of a built-in one')
    .action((role: string, options: CommonOptions) =>
      say(options, async () => (await work()).showRole(role)),
    );
  withGrants(leaf(roles, 'create', 'makes a role of an organization'))
    .requiredOption('--name <name>', 'unique within the organization')
    .option('--organization <id>', 'whose it is, org_…; default the only one')
    .action((options: RoleOptions) => say(options, async () => (await work()).createRole(options)));
  withGrants(leaf(roles, 'update', 'changes a role; it binds the next request of every key that has it'))
    .argument('<id>', 'the role, rol_…')
    .option('--name <name>', 'another name')
    .action((role: string, options: RoleOptions) =>
      say(options, async () => (await work()).updateRole(role, options)),
    );
  withGrants(leaf(roles, 'preview', 'shows what a change would do, and changes nothing'))
    .argument('<id>', 'the role, rol_…')
    .option('--name <name>', 'another name')
    .action((role: string, options: RoleOptions) =>
      say(options, async () => (await work()).previewRole(role, options)),
    );
  leaf(roles, 'delete', 'removes a role that no key and no member has')
    .argument('<id>', 'the role, rol_…')
    .option('--yes', 'do not ask')
    .action((role: string, options: CommonOptions) =>
      say(options, async () => (await work()).deleteRole(role, options)),
    );
}

/** Given grants and policies replace all that a role had. */
function withGrants(command: Command): Command {
  return command
    .option('--grants <json>', `a level per category or resource: '{"content":"read"}'`)
    .option('--policy <name>', 'a ready policy, e.g. "Campaigns Read-only"; may be repeated', collect)
    .option('--description <text>', 'what it is for');
}
