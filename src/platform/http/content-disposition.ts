/**
 * A Content-Disposition with a file's name (RFC 6266): whole as `filename*`, and for those who do not know that one in
 * ASCII, so that no name ends a header or a quotation.
 */
export function contentDisposition(way: 'inline' | 'attachment', name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${way}; filename="${ascii}"; filename*=UTF-8''${whole}`;
}
