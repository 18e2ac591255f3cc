import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import type { ListInvitationsOptions } from '../invitations.js';
import { leaf, type Say } from './leaf.js';

const work = () => import('../invitations.js');
const WHICH = 'the invitation, inv_…';

/** `gatehouse invitations …`; `gatehouse members invite` makes them. */
export function addInvitations(program: Command, say: Say): void {
  const invitations = program
    .command('invitations')
    .description('those who are invited; "members invite" invites');
  leaf(invitations, 'list', 'lists invitations, newest first; never with their links')
    .option('--organization <id>', 'of this organization alone, org_…')
    .option('--status <status>', 'pending, accepted or expired')
    .option('--page <number>', 'the page, counted from 1', '1')
    .option('--limit <number>', 'invitations on a page, at most 100', '100')
    .action((options: ListInvitationsOptions) =>
      say(options, async () => (await work()).listInvitations(options)),
    );
  leaf(invitations, 'show', 'shows one, without its link')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).showInvitation(id)),
    );
  leaf(invitations, 'renew', 'gives one a new link and seven more days; the old link stops working')
    .argument('<id>', WHICH)
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).renewInvitation(id)),
    );
  leaf(invitations, 'delete', 'removes one; its link stops working')
    .argument('<id>', WHICH)
    .option('--yes', 'do not ask')
    .action((id: string, options: CommonOptions) =>
      say(options, async () => (await work()).deleteInvitation(id, options)),
    );
}
