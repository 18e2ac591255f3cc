import { Injectable } from '@nestjs/common';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { AppError } from '../errors/index.js';
import { addressKey } from './address-key.js';

const WINDOW_MS = 60_000;
/** The storage blocks beyond its limit: the sixtieth failure is the one that blocks. */
const LIMIT = 59;

/**
 * What is being guessed at: tokens by strangers, passwords at the sign-in, links, signatures. Each is counted on its own.
 */
export type AttemptKind = 'token' | 'sign-in' | 'invitation' | 'password-reset' | 'signature';

/**
 * Failed authentications per client address: after 60 within a minute the address waits a minute. Counted per
 * process; the counters guard our resources against strangers, and decide nothing about a valid key.
 */
@Injectable()
export class FailedAttempts {
  private readonly storage = new ThrottlerStorageService();

  /** Seconds until the address may try again, or 0 where it is not blocked. */
  blockedSeconds(kind: AttemptKind, address: string): number {
    const record = this.storage.storage.get(keyOf(kind, address));
    if (!record?.isBlocked) return 0;
    return Math.max(0, Math.ceil((record.blockExpiresAt - Date.now()) / 1000));
  }

  /** @throws TOO_MANY_FAILED_ATTEMPTS while the address is blocked */
  assertAllowed(kind: AttemptKind, address: string): void {
    const seconds = this.blockedSeconds(kind, address);
    if (seconds > 0) throw new TooManyFailedAttempts(seconds);
  }

  /** Counts one failure. */
  async record(kind: AttemptKind, address: string): Promise<void> {
    await this.storage.increment(keyOf(kind, address), WINDOW_MS, LIMIT, WINDOW_MS, kind);
  }

  onApplicationShutdown(): void {
    this.storage.onApplicationShutdown();
  }
}

/** 429 before any work for strangers; `Retry-After` is whole seconds. */
export class TooManyFailedAttempts extends AppError {
  constructor(seconds: number) {
    super('TOO_MANY_FAILED_ATTEMPTS', 'Too many failed attempts came from this address.', {
      headers: { 'Retry-After': String(Math.max(1, seconds)) },
    });
  }
}

function keyOf(kind: AttemptKind, address: string): string {
  return `${kind}/${addressKey(address)}`;
}
