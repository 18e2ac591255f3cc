import type { QueryRunner } from 'typeorm';

export interface AuditTableOptions {
  /** What the change log calls a row of the table; default the table's name without its plural s. */
  entity?: string;
  /** Columns that hold secrets: named here, never copied. */
  secretColumns?: readonly string[];
}

/**
 * The one line by which a migration puts a table under the change log: every insert, update, delete and
 * truncate writes a change row in the same transaction, whoever causes it. `ENABLE ALWAYS`, so that
 * `session_replication_role` does not switch it off.
 */
export async function auditTable(
  queryRunner: QueryRunner,
  table: string,
  { entity = table.replace(/s$/, ''), secretColumns = [] }: AuditTableOptions = {},
): Promise<void> {
  const args = [entity, ...secretColumns].map((text) => `'${text}'`).join(', ');
  await queryRunner.query(`
    CREATE TRIGGER record_change AFTER INSERT OR UPDATE OR DELETE ON ${table}
      FOR EACH ROW EXECUTE FUNCTION record_change(${args});
    CREATE TRIGGER record_truncate BEFORE TRUNCATE ON ${table}
      FOR EACH STATEMENT EXECUTE FUNCTION record_change(${args});
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER record_change;
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER record_truncate;
  `);
}

/**
 * Gives a table's `version` column its trigger: every update raises it, so that what was cached under an older
 * version is noticed, even where SQL was typed by hand.
 */
export async function versionTable(queryRunner: QueryRunner, table: string): Promise<void> {
  await queryRunner.query(`
    CREATE TRIGGER bump_version BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION bump_version();
    ALTER TABLE ${table} ENABLE ALWAYS TRIGGER bump_version;
  `);
}
