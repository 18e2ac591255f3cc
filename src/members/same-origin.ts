import type { Request } from 'express';
import { isOwnOrigin } from '../platform/http/index.js';
import { CsrfTokenInvalid } from './members.errors.js';

/**
 * Refuses a request that a browser sends from another site. Absent is fine: programs send no Origin.
 * @param publicUrl the installation's own address, if it has one
 * @throws CsrfTokenInvalid for any other origin, `null` included
 */
export function assertSameOrigin(request: Request, publicUrl: string | undefined): void {
  if (request.headers.origin === undefined || isOwnOrigin(request, publicUrl)) return;
  throw new CsrfTokenInvalid('foreign origin');
}
