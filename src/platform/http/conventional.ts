/** Stands for what is not kept. */
const OMITTED = '…';

/** A product with its version, as clients name themselves (RFC 9110, 10.1.5): `curl/8.5.0`. */
const PRODUCT = /^[A-Za-z][A-Za-z0-9._+-]{0,63}\/v?\d[A-Za-z0-9._+-]{0,31}$/;
/** What browsers say in brackets of the machine they run on. */
const PLATFORM =
  /^(compatible|KHTML, like Gecko|X11|U|Macintosh|Win64|WOW64|x64|x86_64|arm64|aarch64|Mobile|Tablet|iPhone|iPad|Ubuntu|Fedora|Linux( [a-z0-9_]+)?|Windows NT [\d.]+|(Intel|PPC) Mac OS X [\d._]+|CPU (iPhone )?OS [\d_]+ like Mac OS X|Android [\d.]+|CrOS [a-z0-9_]+ [\d.]+|rv:[\d.]+)$/;
const PARTS = /\(([^()]*)\)|[^\s()]+/g;

/** An id as programs make them: UUID, ULID, hexadecimal, a row of digits; behind a word, perhaps. */
const ID =
  /^([A-Za-z]{1,20}[-_:.])?([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}|[0-9a-f]{16,64}|[0-7][0-9a-hjkmnp-tv-z]{25}|\d{10,20})$/i;

/**
 * What is kept of a `User-Agent`: products with their versions, and the platform. Anything else a header may hold by
 * accident, a password among it, which has no form to be known by; so it is left out, and `…` stands for it.
 */
export function conventionalAgent(header: string): string {
  const kept: string[] = [];
  let omitted = false;
  for (const [part, comment] of header.matchAll(PARTS)) {
    if (comment === undefined) {
      if (PRODUCT.test(part)) kept.push(part);
      else omitted = true;
      continue;
    }
    const pieces = comment.split(';').map((piece) => piece.trim());
    const known = pieces.filter((piece) => PLATFORM.test(piece));
    if (known.length > 0) kept.push(`(${known.join('; ')})`);
    omitted ||= known.length < pieces.length;
  }
  if (omitted) kept.push(OMITTED);
  return kept.join(' ');
}

/** What is kept of the caller's own `X-Request-Id`: all of it where it has the form of an id, and else `…`. */
export function conventionalId(header: string): string {
  return ID.test(header) ? header : OMITTED;
}
