import { Injectable } from '@nestjs/common';
import { isEmail } from 'class-validator';
import { Database, sqlState, type Transaction, violatedConstraint } from '../platform/database/index.js';
import { Conflict, InvalidInput, NotFound } from '../platform/errors/index.js';
import { newUuid } from '../platform/ids/index.js';
import { Role } from '../roles/index.js';
import { EMAIL_MAX_LENGTH, normalizeEmail } from './email.js';
import { Member } from './member.entity.js';
import { NewPasswords } from './new-passwords.js';
import { type PasswordOwner, Passwords } from './passwords.js';

export interface NewMember {
  /** UUID. */
  readonly organizationId: string;
  /** UUID of a built-in role or of one of the organization's own. */
  readonly roleId: string;
  readonly email: string;
  readonly name: string;
  /** As `hash` answers it; null for a member that cannot sign in yet. */
  readonly passwordHash: string | null;
  readonly operator: boolean;
}

/** The people of an organization. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: Database,
    private readonly passwords: Passwords,
    private readonly newPasswords: NewPasswords,
  ) {}

  /**
   * The hash of a password that is to be somebody's: outside of any transaction, since it takes a quarter of a second.
   * @throws InvalidInput for one that breaks the rules; TooManyFailedAttempts when too many computations wait
   */
  hash(password: string, { email, name }: PasswordOwner): Promise<string> {
    return this.passwords.hash(password, { email: normalizeEmail(email), name });
  }

  /**
   * Adds a member and answers its UUID.
   * @throws InvalidInput for an address or role that cannot be; Conflict where the address is taken
   */
  async create(tx: Transaction, member: NewMember): Promise<string> {
    const email = normalizeEmail(member.email);
    if (email.length > EMAIL_MAX_LENGTH || !isEmail(email)) {
      throw new InvalidInput([{ field: 'email', reason: 'must be an e-mail address' }]);
    }
    await assertOwnRole(tx, member);
    const { organizationId, roleId, name, operator, passwordHash } = member;
    const id = newUuid();
    try {
      await tx.insert(Member, { id, organizationId, roleId, email, name, operator, passwordHash });
    } catch (error) {
      if (sqlState(error) === '23505' && violatedConstraint(error) === 'members_email') {
        throw new Conflict('A member with this e-mail address exists already.');
      }
      throw error;
    }
    return id;
  }

  /**
   * Gives a member a password, whatever the old one was: ends all its sessions and lifts its lock-out.
   * @throws InvalidInput for a password that breaks the rules; NotFound
   */
  async setPassword(tx: Transaction, memberId: string, password: string): Promise<void> {
    const member = await tx.findOneBy(Member, { id: memberId });
    if (!member) throw new NotFound();
    const passwordHash = await this.passwords.hash(password, member);
    const replaced = await this.newPasswords.replace(tx, { memberId, passwordHash, by: 'operator' });
    if (!replaced) throw new NotFound();
  }

  /** The member with an e-mail address, in whatever case it is written; the password's hash is left out. */
  async findByEmail(email: string): Promise<Member | undefined> {
    const member = await this.database.manager.findOneBy(Member, { email: normalizeEmail(email) });
    return member ?? undefined;
  }
}

async function assertOwnRole(tx: Transaction, { organizationId, roleId }: NewMember): Promise<void> {
  const role = await tx.findOneBy(Role, { id: roleId });
  if (role && (role.organizationId === null || role.organizationId === organizationId)) return;
  throw new InvalidInput([{ field: 'roleId', reason: 'must be a role of the organization' }]);
}
