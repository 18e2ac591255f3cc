/** What is hashed: texts, whole numbers, truth values and nothing, by name. */
export type CanonicalValue = string | number | boolean | null;

/**
 * JSON by which a record is hashed (RFC 8785): names in order, no blanks, numbers whole, texts well-formed. Two
 * records with the same values have the same bytes, whoever writes them.
 */
export function canonicalJson(record: Readonly<Record<string, CanonicalValue>>): string {
  return JSON.stringify(record, Object.keys(record).sort());
}

/** An IP address as the hex digits of its 4 or 16 bytes: one form for all its spellings. Null stays null. */
export function addressHex(address: string | null): string | null {
  if (address === null) return null;
  if (!address.includes(':')) return v4Hex(address);
  const dotted = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0];
  const plain = dotted === undefined ? address : `${address.slice(0, -dotted.length)}${wordsOf(dotted)}`;
  const [head = '', tail] = plain.split('::');
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length;
  return [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
    .map((group) => group.toLowerCase().padStart(4, '0'))
    .join('');
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function v4Hex(address: string): string {
  return address
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('');
}

function wordsOf(dotted: string): string {
  const hex = v4Hex(dotted);
  return `${hex.slice(0, 4)}:${hex.slice(4)}`;
}
