import type { Command } from 'commander';
import type { CommonOptions } from '../answer.js';
import { leaf, type Say } from './leaf.js';

/** `gatehouse admin …` */
export function addAdmin(program: Command, say: Say): void {
  const admin = program.command('admin').description('the people who sign in');
  leaf(admin, 'reset-password', 'gives a member a new password')
    .argument('<email>', 'the address they sign in with')
    .option(
      '--password-stdin',
      'read the password from standard input, 12 to 72 bytes, none that everybody tries; default: made and printed',
    )
    .action((email: string, options: CommonOptions) =>
      say(options, async () => (await import('../reset-password.js')).resetPassword(email, options)),
    );
  leaf(
    admin,
    'password-link',
    'makes a link for a new password; prints it, once, where there is no mail server',
  )
    .argument('<email>', 'the address they sign in with')
    .action((email: string, options: CommonOptions) =>
      say(options, async () => (await import('../members-access.js')).passwordLink(email)),
    );
  leaf(admin, 'reset-second-factor', 'takes a member’s second factor away')
    .argument('<email>', 'the address they sign in with')
    .action((email: string, options: CommonOptions) =>
      say(options, async () => (await import('../members-access.js')).resetSecondFactor(email)),
    );
  leaf(admin, 'sign-out', 'ends every session of a member')
    .argument('<email>', 'the address they sign in with')
    .action((email: string, options: CommonOptions) =>
      say(options, async () => (await import('../members-access.js')).signOut(email)),
    );
}
