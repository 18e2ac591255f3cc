import type { Grants } from './grants.js';

/** A role that every installation has and nobody can change. Its id is part of the program. */
export interface BuiltinRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly grants: Grants;
}

export const BUILTIN_ROLES: readonly BuiltinRole[] = [
  {
    id: '01900000-0000-7000-8000-000000000001',
    name: 'read-only',
    description: 'Reads content and analytics.',
    grants: { content: 'read', analytics: 'read' },
  },
  {
    id: '01900000-0000-7000-8000-000000000002',
    name: 'read-write',
    description: 'Reads and writes content and analytics.',
    grants: { content: 'write', analytics: 'write' },
  },
  {
    id: '01900000-0000-7000-8000-000000000003',
    name: 'analyst',
    description: 'Writes analytics, reads content.',
    grants: { analytics: 'write', content: 'read' },
  },
  {
    id: '01900000-0000-7000-8000-000000000004',
    name: 'compliance',
    description: 'Works with holds, logs and exports; reads content, analytics and keys.',
    grants: { compliance: 'write', content: 'read', analytics: 'read', 'settings.keys': 'read' },
  },
  {
    id: '01900000-0000-7000-8000-000000000005',
    name: 'admin',
    description: 'Everything.',
    grants: { content: 'admin', analytics: 'admin', compliance: 'admin', settings: 'admin' },
  },
];

/** The role a key is created over when it names permissions and no role. */
export const DEFAULT_KEY_ROLE = 'read-write';
