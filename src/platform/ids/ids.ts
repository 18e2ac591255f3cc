import { fromUUID, toUUID } from 'typeid-js';

/** Every kind of public id, by what it names. */
export const ID_PREFIX = {
  request: 'req',
  organization: 'org',
  store: 'sto',
  member: 'mem',
  session: 'ses',
  invitation: 'inv',
  role: 'rol',
  key: 'key',
  keySecret: 'sec',
  leakReport: 'lkr',
  campaign: 'cmp',
  post: 'pst',
  contentPlan: 'cpl',
  socialAccount: 'soc',
  product: 'prd',
  audience: 'aud',
  customer: 'cus',
  audienceMember: 'aum',
  landingPage: 'lpg',
  landingPageVersion: 'lpv',
  media: 'med',
  brand: 'brd',
  copy: 'cpy',
  imageSet: 'ims',
  event: 'evt',
  webhook: 'whe',
  webhookSecret: 'whs',
  webhookDelivery: 'whd',
  change: 'chg',
  erasure: 'ers',
  auditView: 'avw',
  auditExport: 'aex',
  auditVerification: 'avr',
  job: 'job',
  report: 'rpt',
  exportConfiguration: 'xpc',
  analyticsRun: 'run',
} as const;

export type IdKind = keyof typeof ID_PREFIX;

/** The public form of an id: a TypeID such as `key_01h455vb4pex5vsknk084sn02q`. Takes a UUID's text. */
export function toPublicId(kind: IdKind, uuid: string): string {
  return fromUUID(uuid, ID_PREFIX[kind]);
}

/** `toPublicId`, letting an absent id stay absent. */
export function toPublicIdOrNull(kind: IdKind, uuid: string | null): string | null {
  return uuid === null ? null : toPublicId(kind, uuid);
}

const SUFFIX = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;

/** The UUID inside a public id of that kind, or undefined where the text is not one. */
export function fromPublicId(kind: IdKind, text: unknown): string | undefined {
  const prefix = ID_PREFIX[kind];
  if (typeof text !== 'string' || !text.startsWith(`${prefix}_`)) return undefined;
  if (!SUFFIX.test(text.slice(prefix.length + 1))) return undefined;
  try {
    return toUUID(text as Parameters<typeof toUUID>[0]);
  } catch {
    // 128 bits, but no UUID of any version
    return undefined;
  }
}

/** Milliseconds since the epoch at which a UUIDv7 was made. */
export function timeOfUuid(uuid: string): number {
  return parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}
