/** The windows that may bind: the subject's, and those of a key with limits of its own. */
export type QuotaWindowName = 'hour' | 'day' | 'key-hour' | 'key-day';

/** One quota window of a subject or key as of one moment of the database clock. */
export interface QuotaWindow {
  readonly name: QuotaWindowName;
  readonly limit: number;
  readonly used: number;
  /** Length, in seconds. */
  readonly seconds: number;
  /** When the next window starts, milliseconds since the epoch. */
  readonly resetsAt: number;
}

/** Every window that binds a principal, and the database's time at which that was so. */
export interface QuotaState {
  /** Milliseconds since the epoch, by the database clock. */
  readonly at: number;
  readonly windows: readonly QuotaWindow[];
}
