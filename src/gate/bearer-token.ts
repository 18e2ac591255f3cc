import type { Request } from 'express';

/**
 * The token of `Authorization: Bearer …` (RFC 6750): undefined without the header, empty where it holds
 * something else, which is then a malformed token.
 */
export function bearerToken(request: Request): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const match = /^bearer +(.*)$/i.exec(header);
  return match ? (match[1] ?? '').trim() : '';
}
