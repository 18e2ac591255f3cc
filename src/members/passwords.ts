import { Injectable } from '@nestjs/common';
import { compare, genSaltSync, hash } from 'bcrypt';
import { InvalidInput } from '../platform/errors/index.js';
import { TooManyFailedAttempts } from '../platform/http/index.js';
import { newPasswordProblem, type PasswordOwner, presentedPasswordProblem } from './password-rules.js';
import { QueueFull, WorkQueue } from './work-queue.js';

export * from './password-rules.js';

/** log2 of bcrypt's rounds: a quarter of a second for one guess on a common core. */
const COST = 12;
/** libuv has four threads for everything: two stay free of bcrypt, whatever strangers send. */
const AT_ONCE = 2;
/** About two seconds of work. */
const MAY_WAIT = 16;

/**
 * bcrypt (Provos and Mazières, 1999) for members' passwords. Few computations run at once and few wait, so that
 * a flood of sign-ins takes neither the processor nor the threads from the rest of the house.
 */
@Injectable()
export class Passwords {
  private readonly queue = new WorkQueue(AT_ONCE, MAY_WAIT);
  /** Of the form of a hash, and of no password: comparing with it costs what comparing with a real one costs. */
  private readonly nobody = `${genSaltSync(COST)}${'.'.repeat(31)}`;

  /**
   * The hash to store for a new password.
   * @param field what a refusal calls it
   * @throws InvalidInput for one that breaks the rules; TooManyFailedAttempts when too many computations wait
   */
  async hash(password: string, owner?: PasswordOwner, field = 'password'): Promise<string> {
    refuse(newPasswordProblem(password, owner), field);
    return this.inTurn(() => hash(password, COST));
  }

  /**
   * Whether the password belongs to the hash. Null stands for an unknown address or a member without a password:
   * the answer is no, after as long a time.
   * @throws InvalidInput for one that bcrypt would cut; TooManyFailedAttempts when too many computations wait
   */
  async verify(password: string, passwordHash: string | null): Promise<boolean> {
    refuse(presentedPasswordProblem(password));
    const matches = await this.inTurn(() => compare(password, passwordHash ?? this.nobody));
    return matches && passwordHash !== null;
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.queue.run(work);
    } catch (error) {
      if (error instanceof QueueFull) throw new TooManyFailedAttempts(1);
      throw error;
    }
  }
}

function refuse(problem: string | undefined, field = 'password'): void {
  if (problem !== undefined) throw new InvalidInput([{ field, reason: problem }]);
}
