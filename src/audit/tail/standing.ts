import type { RequestContext } from '../../platform/http/index.js';

/** What a stream needs to know of whoever reads it, again and again. The gate answers. */
export abstract class Standing {
  /**
   * Decides about a request anew, as the database has its principal now.
   * @throws what the database throws when it does not answer
   */
  abstract holds(context: RequestContext): Promise<boolean>;
}
