import { Refused } from './refused.js';

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Something that can be seen: not blank, nor one of the characters that are shown as nothing. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u;

const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const CONTROLS_IN_LINES = '\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f';

/** For texts of one line that somebody is to recognise something by: not of spaces alone. */
export const NOT_BLANK = {
  pattern: /^(?=.*\S)[^\u0000-\u001f\u007f-\u009f]*$/,
  patternReason: 'must not be blank',
} as const;

export interface TextLimits {
  /**
   * Fewest characters, counted as Unicode code points, as JSON Schema does. Where there must be one, there must be
   * one that can be seen: a name of blanks alone is none.
   */
  min?: number;
  max: number;
  /** Tabs and line breaks may stand in it. */
  multiline?: boolean;
  /** A pattern for the whole text, with the words that explain it. */
  pattern?: RegExp;
  patternReason?: string;
}

/** A JSON Schema pattern for what a text may hold, as far as every dialect of patterns can say it. */
export function schemaPattern({ min = 0, multiline = false }: TextLimits): string {
  const none = multiline ? CONTROLS_IN_LINES : CONTROLS;
  return min === 0 ? `^[^${none}]*$` : `^[^${none}]*[^${none}\\s][^${none}]*$`;
}

/**
 * Takes a text within limits, as it is: blanks around it stay. Never one with a NUL, which PostgreSQL cannot store,
 * nor with half of a surrogate pair, which is no Unicode text (RFC 3629) and would be changed on the way.
 */
export function readText(value: unknown, limits: TextLimits, textual: boolean): string | Refused {
  if (typeof value !== 'string') return new Refused(notText(value, textual));
  if (!value.isWellFormed()) return new Refused('must be well-formed Unicode, without half a surrogate pair');
  if ((limits.multiline ? CONTROL_IN_LINES : CONTROL).test(value)) {
    return new Refused(
      limits.multiline
        ? 'must not contain control characters other than tabs and line breaks'
        : 'must not contain control characters',
    );
  }
  const min = limits.min ?? 0;
  if (value.length > limits.max && longerThan(value, limits.max)) {
    return new Refused(`must have at most ${limits.max} characters`);
  }
  if (value.length < min || (min > 1 && !longerThan(value, min - 1))) {
    return new Refused(min === 1 ? 'must not be empty' : `must have at least ${min} characters`);
  }
  if (min > 0 && !VISIBLE.test(value)) return new Refused('must not be blank');
  if (limits.pattern && !limits.pattern.test(value)) {
    return new Refused(limits.patternReason ?? `must match ${limits.pattern.source}`);
  }
  return value;
}

/** Why a value that should be one text is none. */
export function notText(value: unknown, textual: boolean): string {
  return textual && Array.isArray(value) ? 'must be given once' : 'must be text';
}

function longerThan(text: string, count: number): boolean {
  let seen = 0;
  for (const _ of text) if (++seen > count) return true;
  return false;
}
