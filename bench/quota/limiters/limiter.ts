/** One way to admit requests. */
export interface Limiter {
  readonly name: string;
  /** Before each load: whatever must not be carried over from the one before. */
  reset?(): void;
  /** One request of the subject with this number. @throws Error where it is not admitted */
  admit(subject: number): Promise<void>;
  close(): Promise<void>;
}
