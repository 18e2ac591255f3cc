import type { Type } from '@nestjs/common';
import type { Level } from '../platform/http/index.js';
import type { RunningJob } from './running-job.js';

/** A kind of work that callers can order with `POST /jobs`. */
export interface JobType<Input extends object = object, State extends object = object> {
  /** `things.verb`, e.g. `products.import`. */
  readonly type: string;
  readonly description: string;
  /** What a caller needs, beside `content.jobs`, to order it; reading what came of it needs `read` there. */
  readonly resource: string;
  readonly level: Level;
  /** The class of its input, as of a body. */
  readonly input: Type<Input>;
  /** The input's field that may be large: it is kept apart, in no change row and no answer. A text. */
  readonly content?: keyof Input & string;
  /** Looks at an input before the job is taken. @throws InvalidInput, with fields named as in the input */
  readonly check?: (input: Input) => void;
  /**
   * Does the work, in steps that are each recorded with what they change. It may run again after a crash, and then goes
   * on with the last recorded state.
   * @returns the result, a small object
   * @throws RunFailed where it may go better later, JobFailed where trying again is of no use
   */
  run(job: RunningJob<Input, State>): Promise<object>;
}

/** A run came to nothing, by what is outside of us: the job is tried again. */
export class RunFailed extends Error {
  /**
   * @param code e.g. `FEED_UNREACHABLE`
   * @param message for whoever ordered it
   */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** A job cannot be done, however often it is tried. */
export class JobFailed extends RunFailed {}
