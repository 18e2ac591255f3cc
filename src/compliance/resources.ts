import { AUDIT_LOGS } from '../audit/index.js';
import type { ResourceDeclaration } from '../platform/http/index.js';

// Declared apart from the controllers that serve them, so that their policies can be granted from the first start
// on. A controller names its resource by the same constant: `@Resource(DATA_HOLDS.name, DATA_HOLDS)`.

/** The systems that captured content comes from. */
export const PLATFORMS: ResourceDeclaration = {
  name: 'compliance.platforms',
  label: 'Platforms',
  highest: 'read',
  relates: [],
};

/** What must not be deleted. A hold names platforms. */
export const DATA_HOLDS: ResourceDeclaration = {
  name: 'compliance.data-holds',
  label: 'Data Holds',
  highest: 'write',
  relates: [PLATFORMS.name],
};

/** What was noticed in content. A signal names the platform it was noticed on. */
export const SIGNAL_EVENTS: ResourceDeclaration = {
  name: 'compliance.signal-events',
  label: 'Signal Events',
  highest: 'read',
  relates: [PLATFORMS.name],
};

/** Content of a person, put together for whoever must see it. An export names platforms. */
export const USER_CONTENT_EXPORTS: ResourceDeclaration = {
  name: 'compliance.user-content-exports',
  label: 'User Content Exports',
  highest: 'write',
  relates: [PLATFORMS.name],
};

export const COMPLIANCE_RESOURCES: readonly ResourceDeclaration[] = [
  PLATFORMS,
  DATA_HOLDS,
  AUDIT_LOGS,
  SIGNAL_EVENTS,
  USER_CONTENT_EXPORTS,
];
