/** The version of the Open Cybersecurity Schema Framework (schema.ocsf.io) that events are written in. */
export const OCSF_VERSION = '1.5.0';

/** What every event says of where it comes from. */
export function ocsfMetadata(
  log: 'requests' | 'changes',
  uid: string,
  tenant: string | null,
  profiles?: string[],
) {
  return {
    version: OCSF_VERSION,
    product: { name: 'Gatehouse', vendor_name: 'Gatehouse' },
    log_name: log,
    uid,
    ...(tenant !== null && { tenant_uid: tenant }),
    ...(profiles && { profiles }),
  };
}

export interface OcsfClass {
  readonly class_uid: number;
  readonly class_name: string;
  readonly category_uid: number;
  readonly category_name: string;
}

/** The class, and the activity as the class numbers it; 99 is one that the class has no number for. */
export function ocsfKind(kind: OcsfClass, activity: readonly [id: number, name: string]) {
  const [id, name] = activity;
  return {
    ...kind,
    activity_id: id,
    activity_name: name,
    type_uid: kind.class_uid * 100 + id,
    type_name: `${kind.class_name}: ${id === 99 ? 'Other' : name}`,
    severity_id: 1,
    severity: 'Informational',
  };
}

/** Kinds of accounts: `user.type_id`. */
const USER_TYPES: Readonly<Record<string, readonly [id: number, name: string]>> = {
  member: [1, 'User'],
  system: [3, 'System'],
  key: [4, 'Service'],
};

/** Whoever acted: `actor.user`. */
export function ocsfUser(kind: string, uid: string, more: Readonly<Record<string, unknown>> = {}) {
  const [type_id, type] = USER_TYPES[kind] ?? [99, kind];
  return { uid, type_id, type, ...more };
}

/** Without what is null: OCSF leaves out what it does not know. */
export function known<T extends object>(values: T): Partial<{ [Name in keyof T]: NonNullable<T[Name]> }> {
  const entries = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(entries) as Partial<{ [Name in keyof T]: NonNullable<T[Name]> }>;
}
