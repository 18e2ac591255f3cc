import type { DataSource } from 'typeorm';
import { READ_ONLY_TABLES } from '../../platform/database/index.js';
import { fail, type Finding, ok, warn } from './finding.js';

const SHOWN = 6;

// The logs, what proves them, and every partition: a right on a partition is as good as one on the log. Rights on
// single columns count too; TRIGGER would let the role put something of its own in the rows' way.
const PROTECTED = `
WITH protected AS (
  SELECT c.oid, c.relname::text AS name, c.relowner FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname = ANY ($1)
    OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'public.request_log'::regclass)
)
SELECT current_user::text AS "role",
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "superuser",
  bool_or(pg_has_role(current_user, p.relowner, 'MEMBER')) AS "owner",
  array_agg(DISTINCT p.name || ' ' || lower(right_)) FILTER (
    WHERE has_table_privilege(p.oid, right_)
      OR right_ IN ('INSERT', 'UPDATE') AND has_any_column_privilege(p.oid, right_)) AS "may"
FROM protected p, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS right_`;

interface Rights {
  readonly role: string;
  readonly superuser: boolean;
  readonly owner: boolean;
  readonly may: string[] | null;
}

/** Whether the server's role can append to the logs alone. @param database connected as the server is */
export async function appendOnly(database: DataSource): Promise<Finding> {
  const [rights] = await database.query<Rights[]>(PROTECTED, [READ_ONLY_TABLES]);
  if (!rights) throw new Error('The rights on the logs could not be read.');
  const { role, superuser, owner, may } = rights;
  if (superuser || owner) {
    return warn(
      `the server connects as "${role}", ${superuser ? 'a superuser' : 'the owner of the logs'}, who can alter them`,
      'Give DATABASE_URL a lesser role and DATABASE_MIGRATION_URL the owner (docs/guides/operations.md).',
    );
  }
  if (may && may.length > 0) {
    return fail(
      `"${role}" has rights on the logs beyond appending: ${listed(may)}`,
      'Take them away (REVOKE … ON … FROM …); then look for who grants them.',
    );
  }
  return ok(`"${role}" can append to the logs, and neither change nor delete`);
}

// Whoever may make objects where an owner's function looks for its own could lend it others.
const DOORS = `
SELECT p.proname::text AS "name",
  NOT coalesce((SELECT bool_or(setting LIKE 'search_path=%') FROM unnest(p.proconfig) AS setting), false) AS "unfixed",
  EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) WHERE grantee = 0) AS "open"
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef ORDER BY p.proname`;

// 'A': fires whatever the session says it is (ENABLE ALWAYS).
const SLEEPING = `
SELECT t.tgrelid::regclass::text AS "table" FROM pg_trigger t
WHERE t.tgfoid = 'public.record_change'::regproc AND t.tgenabled <> 'A' GROUP BY 1 ORDER BY 1`;

/** Whether the functions and triggers that write the logs are open to the server's role alone, and awake. */
export async function logDoors(database: DataSource): Promise<Finding> {
  const doors = await database.query<{ name: string; unfixed: boolean; open: boolean }[]>(DOORS);
  const sleeping = await database.query<{ table: string }[]>(SLEEPING);
  const [schema] = await database.query<{ makes: boolean }[]>(
    `SELECT has_schema_privilege(current_user, 'public', 'CREATE') AND NOT pg_has_role(current_user, relowner, 'MEMBER') AS makes
     FROM pg_class WHERE oid = 'public.request_log'::regclass`,
  );
  const faults: string[] = [];
  const named = (rows: { name: string }[]) => listed(rows.map(({ name }) => name));
  const open = doors.filter((door) => door.open);
  const unfixed = doors.filter((door) => door.unfixed);
  if (open.length > 0) faults.push(`everybody may call ${named(open)}`);
  if (unfixed.length > 0) faults.push(`no search_path is fixed for ${named(unfixed)}`);
  if (sleeping.length > 0)
    faults.push(`changes of ${listed(sleeping.map(({ table }) => table))} are not recorded`);
  if (schema?.makes) faults.push('the server’s role may make objects in the schema public');
  if (faults.length === 0)
    return ok(`${doors.length} functions write as the owner, for the server’s role alone`);
  return fail(
    faults.join('; '),
    'Run "gatehouse migrate"; for a trigger: ALTER TABLE … ENABLE ALWAYS TRIGGER record_change.',
  );
}

function listed(names: readonly string[]): string {
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
}
