/** Injection token of JobsOptions. */
export const JOBS_OPTIONS = Symbol('JOBS_OPTIONS');

export interface JobsOptions {
  /** Whether this process runs jobs; it can enqueue them either way. */
  enabled: boolean;
  /** Milliseconds that running jobs have to end when the process stops. Default 15,000; halfway they are asked to. */
  stopWithinMs?: number;
}
