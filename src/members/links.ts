import type { Request } from 'express';
import type { Config } from '../platform/config/index.js';

/** The pages that people are sent to with a token. */
export type LinkPage = 'invitation' | 'password-reset';

/**
 * A link with a token. The token stands in the fragment, which browsers keep to themselves: no server, proxy or
 * `Referer` ever sees it.
 * @param base the installation's address, without a slash at its end
 */
export function linkTo(base: string, page: LinkPage, token: string): string {
  return `${base}/${page}#token=${token}`;
}

/** The installation's address: `PUBLIC_URL`, or, for whoever is asking right now, the one they have called. */
export function baseOfRequest(request: Request, config: Config): string {
  const { host } = request.headers;
  if (config.publicUrl !== undefined || host === undefined) return baseOfInstallation(config);
  return `${request.protocol}://${host}`;
}

/** The installation's address where nobody has called: `PUBLIC_URL`, or this machine. */
export function baseOfInstallation({ publicUrl, port }: Config): string {
  return publicUrl ?? `http://127.0.0.1:${port}`;
}
