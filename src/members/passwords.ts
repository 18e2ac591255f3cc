import { Injectable } from '@nestjs/common';
import { compare, genSaltSync, hash } from 'bcrypt';
import { InvalidInput } from '../platform/errors/index.js';
import { TooManyFailedAttempts } from '../platform/http/index.js';
import { QueueFull, WorkQueue } from './work-queue.js';

/** log2 of bcrypt's rounds: a quarter of a second for one guess on a common core. */
const COST = 12;
/** libuv has four threads for everything: two stay free of bcrypt, whatever strangers send. */
const AT_ONCE = 2;
/** About two seconds of work. */
const MAY_WAIT = 16;

export const PASSWORD_MIN_BYTES = 12;
/** bcrypt reads no further: a longer password would be cut without a word. */
export const PASSWORD_MAX_BYTES = 72;

/**
 * What keeps a text from being tried as a password, or undefined: it must fit bcrypt, and it must survive UTF-8
 * (a lone surrogate would become U+FFFD, and so equal another one).
 */
export function presentedPasswordProblem(password: string): string | undefined {
  if (!password.isWellFormed()) return 'must be well-formed Unicode';
  if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES)
    return `must have at most ${PASSWORD_MAX_BYTES} bytes`;
  return undefined;
}

/** What keeps a text from becoming somebody's password, or undefined: 12 to 72 bytes of UTF-8. */
export function newPasswordProblem(password: string): string | undefined {
  if (Buffer.byteLength(password) < PASSWORD_MIN_BYTES)
    return `must have at least ${PASSWORD_MIN_BYTES} bytes`;
  return presentedPasswordProblem(password);
}

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
   * @throws InvalidInput for one outside 12 to 72 bytes; TooManyFailedAttempts when too many computations wait
   */
  async hash(password: string): Promise<string> {
    refuse(newPasswordProblem(password));
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

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new InvalidInput([{ field: 'password', reason: problem }]);
}
