import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type Config } from '../platform/config/index.js';

/**
 * The cookie that carries a session (RFC 6265bis). Browsers keep one jar per host, whatever the port: the port is
 * in the name, so that two installations on one machine do not sign each other's members out. Served over https
 * it is `Secure` and has the `__Host-` prefix, so that no neighbouring host can plant one.
 */
@Injectable()
export class SessionCookie {
  private readonly publicUrl: URL | undefined;

  constructor(@Inject(CONFIG) private readonly config: Config) {
    this.publicUrl = config.publicUrl === undefined ? undefined : new URL(config.publicUrl);
  }

  /** The session's token as the request presents it, or undefined where there is none. */
  read(request: Request): string | undefined {
    const name = this.nameFor(request);
    for (const pair of (request.headers.cookie ?? '').split(';')) {
      const equals = pair.indexOf('=');
      if (equals > 0 && pair.slice(0, equals).trim() === name)
        return pair.slice(equals + 1).trim() || undefined;
    }
    return undefined;
  }

  /** The value of `Set-Cookie` that gives the browser a session. */
  issue(request: Request, token: string): string {
    return [`${this.nameFor(request)}=${token}`, ...this.attributes()].join('; ');
  }

  /** The value of `Set-Cookie` that takes it away again. */
  clear(request: Request): string {
    return [`${this.nameFor(request)}=`, ...this.attributes(), 'Max-Age=0'].join('; ');
  }

  private nameFor(request: Request): string {
    return `${this.secure ? '__Host-' : ''}gatehouse_session_${this.portFor(request)}`;
  }

  /** The port that the browser sees: behind a proxy every process must use the same name. */
  private portFor(request: Request): number {
    if (this.publicUrl) return Number(this.publicUrl.port) || (this.secure ? 443 : 80);
    return this.config.port || (request.socket.localPort ?? 0);
  }

  private attributes(): string[] {
    return ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(this.secure ? ['Secure'] : [])];
  }

  private get secure(): boolean {
    return this.publicUrl?.protocol === 'https:';
  }
}
