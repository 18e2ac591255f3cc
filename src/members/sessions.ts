import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import { MasterSecrets } from '../platform/crypto/index.js';
import { Database, type Transaction } from '../platform/database/index.js';
import { conventionalAgent } from '../platform/http/index.js';
import { newUuid } from '../platform/ids/index.js';
import { resolveSession, type ResolvedSession } from './resolve-session.js';
import { Session } from './session.entity.js';

/** However busy it is, a session ends. */
const LIFETIME_SECONDS = 12 * 3_600;
export const IDLE_SECONDS = 2 * 3_600;
/** Living ones of one member; the oldest makes room. */
const MOST_SESSIONS = 50;
const TOKEN_BYTES = 32;
/** 256 bits in base64url. */
const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;
const USER_AGENT_LENGTH = 512;

/** A session just opened. Both tokens are told once; digests alone are stored. */
export interface OpenedSession {
  readonly sessionId: string;
  /** For the cookie. */
  readonly token: string;
  readonly csrfToken: string;
  readonly expiresAt: Date;
}

export interface SessionClient {
  readonly memberId: string;
  /** The hash that the member's password has just matched. */
  readonly passwordHash: string;
  /** Whether a second factor was asked for, and given. */
  readonly secondFactor: boolean;
  /** An IPv4 or IPv6 address, without a zone. */
  readonly ip: string;
  readonly userAgent: string | undefined;
}

// The member is locked and looked at once more: a password that was changed, a member that was disabled, or a
// second factor that was activated while bcrypt was at work opens nothing.
const OPEN_SESSION = `
INSERT INTO sessions (id, member_id, digest, csrf_digest, ip, user_agent, created_at, last_seen_at, expires_at)
SELECT $1, m.id, $2, $3, $4, $5, clock.at, clock.at, clock.at + make_interval(secs => $6)
FROM (
  SELECT id FROM members
  WHERE id = $7 AND password_hash = $8 AND status = 'active' AND ($9 OR NOT EXISTS (
    SELECT FROM member_totp t WHERE t.member_id = members.id AND t.confirmed_at IS NOT NULL
  ))
  FOR SHARE
) AS m, (SELECT gate_clock() AS at) AS clock
RETURNING expires_at AS "expiresAt"`;

const SWEEP_SESSIONS = `
DELETE FROM sessions WHERE id IN (
  SELECT id FROM sessions WHERE expires_at < gate_clock() ORDER BY expires_at LIMIT 100 FOR UPDATE SKIP LOCKED
)`;

const END_SURPLUS = `
DELETE FROM sessions WHERE id IN (
  SELECT id FROM sessions WHERE member_id = $1 ORDER BY created_at DESC, id DESC OFFSET $2
)`;

/** The sessions of members: 256 random bits each, stored as HMAC digests, timed by the database's clock. */
@Injectable()
export class Sessions {
  constructor(
    private readonly database: Database,
    private readonly secrets: MasterSecrets,
  ) {}

  /** Opens a session, or answers undefined where the member may no longer sign in with that password. */
  async open(client: SessionClient): Promise<OpenedSession | undefined> {
    const sessionId = newUuid();
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const csrfToken = randomBytes(TOKEN_BYTES).toString('base64url');
    const [row] = await this.database.query<{ expiresAt: Date }>(OPEN_SESSION, [
      sessionId,
      this.secrets.digest('session-digest', cookieText(token)),
      this.secrets.digest('session-digest', csrfText(csrfToken)),
      client.ip,
      client.userAgent === undefined ? null : conventionalAgent(client.userAgent).slice(0, USER_AGENT_LENGTH),
      LIFETIME_SECONDS,
      client.memberId,
      client.passwordHash,
      client.secondFactor,
    ]);
    if (!row) return undefined;
    await this.database.query(SWEEP_SESSIONS);
    await this.database.query(END_SURPLUS, [client.memberId, MOST_SESSIONS]);
    return { sessionId, token, csrfToken, expiresAt: row.expiresAt };
  }

  /** The living session that a cookie's token stands for, or undefined. Garbage costs no database work. */
  async resolve(token: string): Promise<ResolvedSession | undefined> {
    if (!TOKEN_FORM.test(token)) return undefined;
    return resolveSession(
      this.database,
      this.secrets.digests('session-digest', cookieText(token)),
      IDLE_SECONDS,
    );
  }

  /** Whether a CSRF token is the session's; takes as long for every wrong one. */
  isCsrfToken(session: ResolvedSession, csrfToken: string): boolean {
    return this.secrets
      .digests('session-digest', csrfText(csrfToken))
      .some((digest) => timingSafeEqual(digest, session.csrfDigest));
  }

  /** Ends a session; ending it twice is no fault. */
  async end(sessionId: string): Promise<void> {
    await this.database.manager.delete(Session, { id: sessionId });
  }

  /** Ends a session of that member, and answers whether there was one. */
  async endOf(memberId: string, sessionId: string): Promise<boolean> {
    const deleted = await this.database.manager.delete(Session, { id: sessionId, memberId });
    return deleted.affected === 1;
  }

  /** Ends every session of a member, but for the one that is to go on. */
  async endAll(tx: Transaction, memberId: string, keptSessionId?: string): Promise<void> {
    await tx.delete(Session, {
      memberId,
      ...(keptSessionId === undefined ? {} : { id: Not(keptSessionId) }),
    });
  }
}

/** One key serves both digests; the prefix keeps the one token from passing for the other. */
const cookieText = (token: string) => `cookie/${token}`;
const csrfText = (csrfToken: string) => `csrf/${csrfToken}`;
