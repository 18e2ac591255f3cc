import type { Readable } from 'node:stream';
import type { RequestContext } from '../../platform/http/index.js';
import type { Standing } from '../tail/standing.js';

const EVERY_MS = 500;

/** Ends a download, however slowly it is read, when its request would not be let in any more. */
export function whileStanding(bytes: Readable, standing: Standing, context: RequestContext): Readable {
  let looking = false;
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    standing
      .holds(context)
      .then((holds) => {
        if (!holds) bytes.destroy(new DownloadRevoked());
      })
      // The database does not answer: the next look tells.
      .catch(() => undefined)
      .finally(() => {
        looking = false;
      });
  }, EVERY_MS);
  bytes.once('close', () => clearInterval(timer));
  return bytes;
}

/** Whoever downloads may not any more. */
export class DownloadRevoked extends Error {
  constructor() {
    super('The download was ended: its caller may not read it any more.');
    this.name = 'DownloadRevoked';
  }
}
