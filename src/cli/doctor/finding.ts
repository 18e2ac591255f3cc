/** `warn`: it works, and somebody should look. `fail`: something that is promised does not hold. */
export type Standing = 'ok' | 'warn' | 'fail';

/** What one check found. */
export interface Finding {
  readonly status: Standing;
  /** What is so, in one line. */
  readonly message: string;
  /** What to do about it; absent where all is well. */
  readonly remedy?: string;
}

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warn = (message: string, remedy: string): Finding => ({ status: 'warn', message, remedy });
export const fail = (message: string, remedy: string): Finding => ({ status: 'fail', message, remedy });

/** A finding under the name of its check. */
export interface Diagnosis extends Finding {
  readonly name: string;
}
