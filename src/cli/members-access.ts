import type { INestApplicationContext } from '@nestjs/common';
import {
  baseOfInstallation,
  type Member,
  MembersService,
  ResetLinks,
  SecondFactors,
  Sessions,
} from '../members/index.js';
import { CONFIG, type Config } from '../platform/config/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { NotFound } from '../platform/errors/index.js';
import { toPublicId } from '../platform/ids/index.js';
import type { Answer } from './answer.js';
import { CommandError } from './errors.js';
import { when } from './format.js';
import { CLI_ACTOR, withApplication } from './with-application.js';

/** `gatehouse admin password-link`: makes a link by which a member sets a new password. */
export function passwordLink(email: string): Promise<Answer> {
  return withApplication(async (app) => {
    const member = await memberWith(app, email);
    const base = baseOfInstallation(app.get<Config>(CONFIG));
    const made = await app
      .get(Database)
      .write({ actor: CLI_ACTOR, reason: 'gatehouse admin password-link' }, (tx) =>
        app.get(ResetLinks).make(tx, member, base),
      );
    const text =
      made.link === null
        ? `A mail with the link is on its way to ${member.email}.`
        : `The link for ${member.email}, shown now and never again:\n\n  ${made.link}\n\n` +
          `It works once and ends ${when(made.expiresAt ?? '')}; an older one works no more.`;
    return { document: { id: toPublicId('member', member.id), email: member.email, ...made }, text };
  });
}

/** `gatehouse admin reset-second-factor`: takes a member's second factor away, with its recovery codes. */
export function resetSecondFactor(email: string): Promise<Answer> {
  return change(email, 'reset-second-factor', async (app, tx, member) => {
    try {
      await app.get(SecondFactors).remove(tx, member);
    } catch (error) {
      if (error instanceof NotFound)
        throw new CommandError('NOT_FOUND', `${member.email} has no second factor.`);
      throw error;
    }
    return `${member.email} signs in with the password alone.`;
  });
}

/** `gatehouse admin sign-out`: ends every session of a member. */
export function signOut(email: string): Promise<Answer> {
  return change(email, 'sign-out', async (app, tx, member) => {
    await app.get(Sessions).endAll(tx, member.id);
    return `${member.email} is signed in nowhere.`;
  });
}

/** @param work answers what to tell people */
function change(
  email: string,
  command: string,
  work: (app: INestApplicationContext, tx: Transaction, member: Member) => Promise<string>,
): Promise<Answer> {
  return withApplication(async (app) => {
    const member = await memberWith(app, email);
    const text = await app
      .get(Database)
      .write({ actor: CLI_ACTOR, reason: `gatehouse admin ${command}` }, (tx) => work(app, tx, member));
    return { document: { id: toPublicId('member', member.id), email: member.email }, text };
  });
}

async function memberWith(app: INestApplicationContext, email: string): Promise<Member> {
  const member = await app.get(MembersService).findByEmail(email);
  if (!member) throw new CommandError('NOT_FOUND', `No member has the address ${email}.`);
  return member;
}
