import type { FieldError } from '../../errors/index.js';

/** How deep objects and lists may lie in each other. */
export const MAX_DEPTH = 32;

/**
 * Looks through an input before anything is made of it: bounds its depth, and refuses names that mean something
 * to JavaScript itself (`__proto__`, `constructor`, `toString`, …), which no field of ours has.
 * @returns the first fault, or undefined
 */
export function shapeFault(value: unknown): FieldError | undefined {
  return faultIn(value, '', 1);
}

function faultIn(value: unknown, path: string, depth: number): FieldError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH)
    return { field: shortened(path), reason: `must not be nested more than ${MAX_DEPTH} deep` };
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const fault = faultIn(value[index], `${path}[${index}]`, depth + 1);
      if (fault) return fault;
    }
    return undefined;
  }
  for (const name of Object.keys(value)) {
    const here = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype) return { field: shortened(here), reason: 'is not an allowed name' };
    const fault = faultIn((value as Record<string, unknown>)[name], here, depth + 1);
    if (fault) return fault;
  }
  return undefined;
}

const LONGEST_PATH = 200;

/** A path that the caller chose, fit to be answered and logged. */
export function shortened(path: string): string {
  const clean = path.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.length > LONGEST_PATH ? `${clean.slice(0, LONGEST_PATH).toWellFormed()}…` : clean;
}
