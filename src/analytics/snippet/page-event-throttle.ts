import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { AppError } from '../../platform/errors/index.js';
import { addressKey } from '../../platform/http/index.js';

const WINDOW_MS = 60_000;
const NAME = 'page-events';

/** Requests a minute from one address: many people may be behind it. */
export const MOST_REQUESTS = 120;

/**
 * Requests of pages per client address: beyond 120 within a minute, the address waits a minute. Counted per process, as
 * failed attempts are: it guards our resources, and decides nothing about anybody's quota.
 */
@Injectable()
export class PageEventThrottle implements OnApplicationShutdown {
  private readonly storage = new ThrottlerStorageService();

  /** Counts one request. @throws TOO_MANY_PAGE_EVENTS; `Retry-After` is whole seconds */
  async admit(address: string): Promise<void> {
    const key = addressKey(address);
    const counted = await this.storage.increment(key, WINDOW_MS, MOST_REQUESTS, WINDOW_MS, NAME);
    if (!counted.isBlocked) return;
    throw new AppError('TOO_MANY_PAGE_EVENTS', 'Too many events of pages came from this address.', {
      headers: { 'Retry-After': String(Math.max(1, counted.timeToBlockExpire)) },
    });
  }

  onApplicationShutdown(): void {
    this.storage.onApplicationShutdown();
  }
}
