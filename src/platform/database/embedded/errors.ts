/** A failure of the embedded database, worded for the operator: the first line says what is wrong and what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
}

/** The errno code (`ENOENT`, `EACCES`, …) of a failed system call, undefined for any other error. */
export function errorCode(error: unknown): string | undefined {
  // By its shape: `instanceof Error` does not hold for what Node throws into a context of its own, as tests run in.
  const coded = typeof error === 'object' && error !== null && 'code' in error;
  return coded && typeof error.code === 'string' ? error.code : undefined;
}

/** The message of whatever was thrown. */
export function errorMessage(error: unknown): string {
  const worded = typeof error === 'object' && error !== null && 'message' in error;
  return String(worded ? error.message : error);
}
