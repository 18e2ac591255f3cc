/** One word or several, with dots between them: `key`, `key.created`. */
const WORDS = String.raw`[a-z]+(_[a-z]+)*(\.[a-z]+(_[a-z]+)*)`;

/** The form of a type's name: `thing.happened`. Source of a regular expression. */
export const EVENT_TYPE = `${WORDS}+`;
/** A type, a beginning of types (`key.*`), or all of them (`*`); in a filter also a word that begins none. */
export const EVENT_PATTERN = String.raw`(\*|${WORDS}*(\.\*)?)`;
/** The same, of what is subscribed to: whole types, and beginnings that say so. */
export const EVENT_SUBSCRIPTION = String.raw`(\*|${WORDS}*\.\*|${EVENT_TYPE})`;

/** Whether an event of that type is meant. */
export function matchesType(pattern: string, type: string): boolean {
  return (
    pattern === '*' || pattern === type || (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
  );
}
