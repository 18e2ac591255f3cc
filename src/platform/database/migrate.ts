import { runMigrations as runJobMigrations } from 'graphile-worker';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { clientConfig } from './connection.js';

/** Any number: the advisory lock that lets one process migrate at a time. */
const MIGRATION_LOCK = 7_406_210_553;

export interface MigrationReport {
  /** Names of the migrations that ran now. */
  readonly applied: readonly string[];
}

/**
 * Brings the database to the newest schema: ours, then the job queue's; then lets the server's role use it.
 * Safe to call from many processes at once: one works, the others wait and find nothing left to do.
 * @param owner an unconnected DataSource with the owner's connection; closed again on return
 * @param ownerUrl the same connection for the job queue's own migrations
 * @param serverRole the role the server connects with; equal to the owner where there is one role
 */
export async function migrate(
  owner: DataSource,
  ownerUrl: string,
  serverRole: string,
): Promise<MigrationReport> {
  const lock = new pg.Client({ ...clientConfig(ownerUrl, 'migration'), options: '' });
  await lock.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await owner.initialize();
    try {
      const applied = await owner.runMigrations({ transaction: 'each' });
      const pool = new pg.Pool({ ...clientConfig(ownerUrl, 'migration'), options: '', max: 2 });
      // A connection that breaks while idle is replaced; the queue's own statements say when they fail.
      pool.on('error', () => undefined).on('connect', (client) => client.on('error', () => undefined));
      try {
        await runJobMigrations({ pgPool: pool });
      } finally {
        await pool.end();
      }
      await closeOwnersFunctions(owner, serverRole);
      await grantServerRole(owner, serverRole);
      return { applied: applied.map((migration) => migration.name) };
    } finally {
      await owner.destroy();
    }
  } finally {
    await lock.end();
  }
}

/** Tables that the server's role may read and nothing else: their rows come from functions and triggers. */
export const READ_ONLY_TABLES: readonly string[] = [
  'request_log',
  'change_log',
  'audit_batches',
  'audit_signing_keys',
  'change_seals',
  'audit_tree',
  'audit_tree_nodes',
  'audit_checkpoints',
  'audit_publications',
  'audit_outcomes_checked',
  'audit_purges',
  'audit_purged_batches',
  'audit_kept_leaves',
  'held_requests',
  'key_activity',
  'key_usage',
  'key_levels',
  'migrations',
];

/**
 * Gives the server's role what it needs and no more; nothing to do where the owner itself serves. Grants only
 * what is missing: other processes are serving meanwhile, and a grant rewrites its table's catalogue entry.
 * Partitions are reached through their parent alone.
 */
async function grantServerRole(owner: DataSource, role: string): Promise<void> {
  const [row] = await owner.query<{ current: string }[]>('SELECT current_user AS current');
  if (row?.current === role) return;
  const statements = await owner.query<{ statement: string }[]>(
    `SELECT format('GRANT %s ON TABLE %s TO %I', privileges, name, $1::text) AS statement
     FROM (
       SELECT c.oid::regclass AS name,
         CASE WHEN c.relname = ANY ($2) THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS privileges,
         CASE WHEN c.relname = ANY ($2) THEN ARRAY['SELECT'] ELSE ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE'] END AS wanted
       FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     ) AS tables
     WHERE EXISTS (SELECT FROM unnest(wanted) AS privilege WHERE NOT has_table_privilege($1, name, privilege))
     UNION ALL
     SELECT format('GRANT USAGE ON SCHEMA public TO %I', $1::text) WHERE NOT has_schema_privilege($1, 'public', 'USAGE')`,
    [role, READ_ONLY_TABLES],
  );
  for (const { statement } of statements) await owner.query(statement);
}

/**
 * Functions that run as their owner are the only way to the logs: the server's role alone may call them, and nobody
 * those that belong to triggers, which need no caller. PostgreSQL itself lets everybody call a new function.
 */
async function closeOwnersFunctions(owner: DataSource, role: string): Promise<void> {
  const statements = await owner.query<{ statement: string }[]>(
    `WITH functions AS (
       SELECT p.oid::regprocedure AS name, p.prorettype = 'trigger'::regtype AS is_trigger, p.oid, p.proowner,
         EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0) AS is_open
       FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
     )
     SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name) AS statement FROM functions WHERE is_open
     UNION ALL
     SELECT format('GRANT EXECUTE ON FUNCTION %s TO %I', name, $1::text) FROM functions
     WHERE NOT is_trigger AND (is_open OR NOT has_function_privilege($1, oid, 'EXECUTE'))`,
    [role],
  );
  // all or none: the server is never without its functions
  await owner.transaction(async (tx) => {
    for (const { statement } of statements) await tx.query(statement);
  });
}
