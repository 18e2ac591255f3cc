import { createRequire } from 'node:module';

export const PASSWORD_MIN_BYTES = 12;
/** bcrypt reads no further: a longer password would be cut without a word. */
export const PASSWORD_MAX_BYTES = 72;

/** Whose password it is to be: what anybody who knows them would try first. */
export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
}

const COMMON = 'is one of the passwords that everybody tries';
const PERSONAL = 'says little beyond the address or the name it belongs to';

/**
 * What keeps a text from being tried as a password, or undefined: it must fit bcrypt, and it must survive UTF-8
 * (a lone surrogate would become U+FFFD, and so equal another one).
 */
export function presentedPasswordProblem(password: string): string | undefined {
  if (!password.isWellFormed()) return 'must be well-formed Unicode';
  if (Buffer.byteLength(password) > PASSWORD_MAX_BYTES)
    return `must have at most ${PASSWORD_MAX_BYTES} bytes`;
  return undefined;
}

/**
 * What keeps a text from becoming somebody's password, or undefined. It has 12 to 72 bytes of UTF-8, is none that
 * everybody tries, and more than the address or the name of its owner, where that is known.
 */
export function newPasswordProblem(password: string, owner?: PasswordOwner): string | undefined {
  if (Buffer.byteLength(password) < PASSWORD_MIN_BYTES)
    return `must have at least ${PASSWORD_MIN_BYTES} bytes`;
  const problem = presentedPasswordProblem(password);
  if (problem !== undefined) return problem;
  const lower = password.toLowerCase();
  if (isCommon(lower)) return COMMON;
  return saysLittleBeyond(lower, wordsOf(owner)) ? PERSONAL : undefined;
}

/** Fewer make a pattern, not a password. */
const LEAST_DIFFERENT = 4;

function isCommon(lower: string): boolean {
  if (new Set(lower).size < LEAST_DIFFERENT) return true;
  const list = commonPasswords();
  // a word with a year or a number behind it, and a word said twice, are tried as soon as the word is
  const word = lower.replace(/[^\p{L}]{1,8}$/u, '');
  return [lower, word].some((text) => list.has(text) || list.has(unitOf(text)));
}

/** What a text repeats (`abcabc`: `abc`), or the text itself. */
function unitOf(text: string): string {
  return /^(.{3,}?)\1+$/u.exec(text)?.[1] ?? text;
}

/** Shorter ones are in any text by chance. */
const SHORTEST_WORD = 3;
const LEAST_LETTERS_BEYOND = 4;

function saysLittleBeyond(lower: string, words: readonly string[]): boolean {
  let rest = lower;
  for (const word of words) rest = rest.replaceAll(word, '');
  if (rest === lower) return false;
  const letters = rest.replace(/[^\p{L}]/gu, '');
  return letters.length < LEAST_LETTERS_BEYOND || commonPasswords().has(letters);
}

/** The words of an address and a name, and ours; the longest first, since they hold each other. */
function wordsOf(owner: PasswordOwner | undefined): string[] {
  const { email = '', name = '' } = owner ?? {};
  const local = email.toLowerCase().split('@')[0] ?? '';
  const parts = `${email} ${name}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return [...new Set(['gatehouse', local, ...parts])]
    .filter((word) => word.length >= SHORTEST_WORD)
    .sort((a, b) => b.length - a.length);
}

let common: ReadonlySet<string> | undefined;

/** Fifty thousand passwords of real leaks. Read when the first password is set: many a process never needs them. */
function commonPasswords(): ReadonlySet<string> {
  if (!common) {
    const load = createRequire(import.meta.url);
    const { dictionary } = load('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
    common = new Set(dictionary['passwords-common']);
  }
  return common;
}
