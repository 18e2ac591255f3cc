/** What is worth another try although it is a refusal: too slow, too early, too many. */
const TRANSIENT: readonly number[] = [408, 425, 429];

/** Whether an answer's status says that the same request would be refused again: a redirect, or a 4xx but for those. */
export function isFinalRefusal(status: number): boolean {
  return status >= 300 && status < 500 && !TRANSIENT.includes(status);
}
