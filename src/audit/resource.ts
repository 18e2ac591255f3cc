import type { ResourceDeclaration } from '../platform/http/index.js';

/** The request log and the change log. Exporting and verifying them count as reading. */
export const AUDIT_LOGS: ResourceDeclaration = {
  name: 'compliance.audit-logs',
  label: 'Audit Logs',
  highest: 'read',
  relates: [],
};
