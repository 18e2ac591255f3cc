import type { RequestContext } from './request-context.js';

/** Tells in `Location` where what was made is found: below the list that it was posted to, on whichever path that was. */
export function setLocation(context: RequestContext, id: string): void {
  context.setHeader('Location', `${context.path.replace(/\/+$/, '')}/${id}`);
}
