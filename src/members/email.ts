/** RFC 5321, section 4.5.3.1.3: a path of 256 characters, less its brackets. */
export const EMAIL_MAX_LENGTH = 254;

/** The form in which addresses are stored and compared. */
export function normalizeEmail(email: string): string {
  return email.trim().toLowerCase();
}
