import { type Principal, reaches } from '../../platform/http/index.js';

/** Whoever asks what was used, and how far they see. */
export interface UsageReader {
  readonly organizationId: string;
  /** Of keys: the store that they reach, and themselves; null for people. */
  readonly storeId: string | null;
  readonly keyId: string | null;
  /** Whether they are told of keys other than themselves. */
  readonly readsKeys: boolean;
}

export function usageReaderOf(principal: Principal): UsageReader {
  const isKey = principal.kind === 'key';
  return {
    organizationId: principal.organizationId,
    storeId: isKey ? principal.storeId : null,
    keyId: isKey ? principal.id : null,
    readsKeys: reaches(principal.effective('settings.keys').level, 'read'),
  };
}

/** Whoever runs the installation, at the command line, looking at one organization (UUID). */
export function operatorReader(organizationId: string): UsageReader {
  return { organizationId, storeId: null, keyId: null, readsKeys: true };
}
