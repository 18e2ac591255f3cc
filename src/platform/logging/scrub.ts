const SHOWN = '…';

/** A character as it stands, or percent-encoded any number of times. */
const encoded = (character: string) => {
  const hex = character.charCodeAt(0).toString(16);
  return `(?:${character}|%(?:25)*${hex})`;
};
const word = (text: string) => [...text].map(encoded).join('');

const UNDERSCORE = encoded('_');
const EQUALS = encoded('=');
const ENCODED_ALPHANUMERIC = '%(?:25)*(?:3[0-9]|[46][1-9a-f]|[57][0-9a])';
const ALPHANUMERIC = `(?:[0-9a-z]|${ENCODED_ALPHANUMERIC})`;
const NOT_INSIDE_ESCAPE = '(?<!%)(?<!%[0-9a-f])';
const ENVIRONMENT = `(?:${word('live')}|${word('test')})`;
/** From a quoted name to its quoted value, both quoted alike, inside JSON inside JSON too. */
const BETWEEN_QUOTES = String.raw`(?<quote>\\*["'])\s*[:,]\s*\k<quote>`;
/** A value ends where its header, cookie or JSON string ends; never at a character that JSON needs. */
const VALUE = String.raw`[^\s"'\\,;]+`;

/**
 * Each way in which a secret may stand in a text. Sixteen random characters are enough to call it a token: one
 * that was cut off is still most of a secret.
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [
    new RegExp(
      `${NOT_INSIDE_ESCAPE}(?:${ALPHANUMERIC}{1,12}${UNDERSCORE})?${ENVIRONMENT}${UNDERSCORE}${ALPHANUMERIC}{16,}`,
      'gi',
    ),
    SHOWN,
  ],
  [new RegExp(String.raw`(\bBearer(?:\s|\+|%(?:25)*20)+)${VALUE}`, 'gi'), `$1${SHOWN}`],
  [
    new RegExp(
      String.raw`(\b(?:authorization|x-csrf-token)(?:\s*[:=]\s*|${BETWEEN_QUOTES})(?:(?:Bearer|Basic|Digest)\s+)?)${VALUE}`,
      'gi',
    ),
    `$1${SHOWN}`,
  ],
  [
    new RegExp(
      String.raw`(gatehouse${UNDERSCORE}session(?:${UNDERSCORE}[0-9]{1,5})?(?:${EQUALS}|${BETWEEN_QUOTES}))${VALUE}`,
      'gi',
    ),
    `$1${SHOWN}`,
  ],
  // What belongs into a body and was put into the query, as a link's token easily is: the request is refused, its
  // row stays.
  [
    new RegExp(String.raw`((?:\b|_)(?:token|(?:current|new)?password|totp)${EQUALS})[^\s"'\\,;&]+`, 'gi'),
    `$1${SHOWN}`,
  ],
  [new RegExp(String.raw`(\b[a-z][a-z0-9+.-]*:\/\/[^\s"'\\/:@]*:)[^\s"'\\/@]+@`, 'gi'), `$1${SHOWN}@`],
];

/** Text without any of these holds none of the above; most texts cost this one look. */
const SUSPICIOUS =
  /live|test|%|bearer|authorization|x-csrf-token|gatehouse_session|:\/\/|token|password|totp/i;

/**
 * Replaces what looks like a secret by `…`: tokens of any brand, plain, percent-encoded in part or whole, or cut
 * off; values of `Authorization` and `X-CSRF-Token`; session cookies; passwords inside addresses;
 * tokens, passwords and codes in a query. Names around
 * them stay. Applied to text that is JSON, the result is JSON still.
 */
export function scrub(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return SECRETS.reduce((scrubbed, [pattern, replacement]) => scrubbed.replace(pattern, replacement), text);
}
