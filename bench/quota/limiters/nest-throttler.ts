import { ThrottlerStorageService } from '@nestjs/throttler';
import { HOUR_SECONDS, LIMIT } from '../subjects.js';
import type { Limiter } from './limiter.js';

/**
 * What the stock guard of @nestjs/throttler asks for each request: the memory of one process, lost with it. It
 * keeps a time for every hit of the last hour and looks through them at the next, so the hot subject becomes
 * slower as the hour goes on; each load begins an hour of its own.
 */
export function nestThrottler(): Limiter {
  const hour = HOUR_SECONDS * 1000;
  let storage = new ThrottlerStorageService();
  return {
    name: '@nestjs/throttler',
    reset: () => {
      storage.onApplicationShutdown();
      storage = new ThrottlerStorageService();
    },
    admit: async (subject) => {
      const { isBlocked } = await storage.increment(`subject-${subject}`, hour, LIMIT, hour, 'hour');
      if (isBlocked) throw new Error('@nestjs/throttler: blocked');
    },
    close: () => Promise.resolve(storage.onApplicationShutdown()),
  };
}
