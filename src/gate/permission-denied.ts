import { AppError } from '../platform/errors/index.js';
import { type EffectiveLevel, type Level, reaches } from '../platform/http/index.js';

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
function limiterOf(required: Level, { role, key, plan }: EffectiveLevel): 'role' | 'key' | 'plan' {
  if (!reaches(role, required)) return 'role';
  if (key !== null && !reaches(key, required)) return 'key';
  return plan !== null && !reaches(plan, required) ? 'plan' : 'role';
}
