import type { Request } from 'express';
import { CsrfTokenInvalid } from './members.errors.js';

/**
 * Refuses a request that a browser sends from another site (RFC 6454). Absent is fine: programs send no Origin.
 * An installation behind https takes that origin alone; any other also takes the address it is called by.
 * @param publicUrl the installation's own address, if it has one
 * @throws CsrfTokenInvalid for any other origin, `null` included
 */
export function assertSameOrigin(request: Request, publicUrl: string | undefined): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  if (origin === own) return;
  if (!own?.startsWith('https:') && host !== undefined && origin === `http://${host}`) return;
  throw new CsrfTokenInvalid('foreign origin');
}
