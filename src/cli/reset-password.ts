import { MembersService } from '../members/index.js';
import { Database } from '../platform/database/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { CommandError } from './errors.js';
import { choosePassword } from './password.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

/** `gatehouse admin reset-password`: gives a member a new password, ends the sessions and lifts a lock-out. */
export async function resetPassword(
  email: string,
  { passwordStdin }: CommonOptions & { readonly passwordStdin?: boolean },
): Promise<Answer> {
  const { password, isMade } = await choosePassword(passwordStdin);
  return withApplication(async (app) => {
    const members = app.get(MembersService);
    const member = await members.findByEmail(email);
    if (!member) throw new CommandError('NOT_FOUND', `No member has the address ${email}.`);
    const reason = 'gatehouse admin reset-password';
    await app
      .get(Database)
      .write({ actor: CLI_ACTOR, reason }, (tx) => members.setPassword(tx, member.id, password));
    const lines = [
      `${member.email} has a new password; every session of theirs has ended, and a lock-out is lifted.`,
    ];
    if (isMade) lines.push('', 'Shown now and never again:', '', `  ${password}`);
    if (member.status === 'disabled') lines.push('', 'The member is disabled and still cannot sign in.');
    return {
      document: {
        id: toPublicId('member', member.id),
        email: member.email,
        status: member.status,
        ...(isMade ? { password } : {}),
      },
      text: lines.join('\n'),
    };
  });
}
