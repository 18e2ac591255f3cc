import { AppError } from '../errors/index.js';
import { type Level, reaches } from './levels.js';
import type { EffectiveLevel } from './principal.js';

/** What can hold a level down. */
export type Limiter = 'role' | 'key' | 'plan';

/** 403 with what was needed, what is held, and which of role, key and plan holds it there. */
export function permissionDenied(resource: string, required: Level, effective: EffectiveLevel): AppError {
  const limitedBy = limiterOf(required, effective);
  return new AppError(
    'PERMISSION_DENIED',
    `This needs ${required} on ${resource}; the ${limitedBy} leaves ${effective.level}.`,
    {
      details: { resource, required, granted: effective.level, limitedBy },
    },
  );
}

/** The first of role, key and plan that falls short. */
export function limiterOf(required: Level, effective: EffectiveLevel): Limiter {
  return limitersOf(required, effective)[0] ?? 'role';
}

/** All of role, key and plan that fall short. */
export function limitersOf(required: Level, { role, key, plan }: EffectiveLevel): Limiter[] {
  const limiters: Limiter[] = [];
  if (!reaches(role, required)) limiters.push('role');
  if (key !== null && !reaches(key, required)) limiters.push('key');
  if (plan !== null && !reaches(plan, required)) limiters.push('plan');
  return limiters;
}
