/**
 * The texts of an answer that was asked to be a JSON array of strings: models like to put words or a fence around it.
 * @returns none where there is no such array
 */
export function textsIn(answer: string): string[] {
  const from = answer.indexOf('[');
  const to = answer.lastIndexOf(']');
  if (from < 0 || to < from) return [];
  try {
    const list: unknown = JSON.parse(answer.slice(from, to + 1));
    return Array.isArray(list) ? list.filter((text) => typeof text === 'string') : [];
  } catch {
    return [];
  }
}
