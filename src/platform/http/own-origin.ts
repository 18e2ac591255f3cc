import type { Request } from 'express';

/**
 * Whether a request comes from a page of ours (RFC 6454): its Origin is, exactly, the installation's own address. An
 * installation behind https takes that origin alone; any other also takes the address it is called by.
 * @param publicUrl the installation's own address, if it has one
 * @returns false where there is no Origin, and for `null`
 */
export function isOwnOrigin(request: Request, publicUrl: string | undefined): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  const own = publicUrl === undefined ? undefined : new URL(publicUrl).origin;
  if (origin === own) return true;
  return !own?.startsWith('https:') && host !== undefined && origin === `http://${host}`;
}
