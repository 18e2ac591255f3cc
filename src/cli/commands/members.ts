import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { InviteOptions, ListMembersOptions } from '../members.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../members.js');
const WHO = 'the member: mem_…, or the e-mail address';

/** `gatehouse members …` */
export function addMembers(program: Command, say: Say): void {
  const members = program.command('members').description('the people of all organizations');
  leaf(members, 'list', 'lists members, newest first')
    .option('--organization <id>', 'of this organization alone, org_…')
    .option('--status <status>', 'active or disabled')
    .option('--role <role>', 'with this role: a built-in one’s name, or the id of a role')
    .option('--search <text>', 'with this in the name or address')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'members on a page, at most 100', '100')
    .action((options: ListMembersOptions) => say(options, async () => (await work()).listMembers(options)));
  leaf(members, 'show', 'shows one member')
    .argument('<who>', WHO)
    .action((who: string, options: CommonOptions) =>
      say(options, async () => (await work()).showMember(who)),
    );
  leaf(members, 'invite', 'invites somebody; prints the link, once, where there is no mail server')
    .argument('<email>', 'the address they will sign in with')
    .requiredOption('--role <role>', 'a built-in role’s name, or the id of a role')
    .option('--organization <id>', 'the organization, org_…; default the only one there is')
    .option('--name <name>', 'what people call them')
    .action((email: string, options: InviteOptions) =>
      say(options, async () => (await work()).inviteMember(email, options)),
    );
  leaf(members, 'rename', 'gives a member another name')
    .argument('<who>', WHO)
    .argument('<name>', 'what people call them from now on')
    .action((who: string, name: string, options: CommonOptions) =>
      say(options, async () => (await work()).renameMember(who, name)),
    );
  leaf(members, 'set-role', 'gives a member another role, from the next request on')
    .argument('<who>', WHO)
    .argument('<role>', 'a built-in role’s name, or the id of a role')
    .action((who: string, role: string, options: CommonOptions) =>
      say(options, async () => (await work()).setRole(who, role)),
    );
  leaf(members, 'disable', 'keeps a member from signing in, and ends the sessions')
    .argument('<who>', WHO)
    .action((who: string, options: CommonOptions) =>
      say(options, async () => (await work()).disableMember(who)),
    );
  leaf(members, 'enable', 'lets a disabled member sign in again')
    .argument('<who>', WHO)
    .action((who: string, options: CommonOptions) =>
      say(options, async () => (await work()).enableMember(who)),
    );
  leaf(members, 'delete', 'removes a member and ends the sessions')
    .argument('<who>', WHO)
    .option('--yes', 'do not ask')
    .action((who: string, options: CommonOptions) =>
      say(options, async () => (await work()).deleteMember(who, options)),
    );
}
