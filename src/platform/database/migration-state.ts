import type { DataSource } from 'typeorm';

/** How a database stands to the program's migrations, by their names. */
export interface MigrationState {
  readonly pending: readonly string[];
  /** In the database and not in the program: a newer version has been here. */
  readonly unknown: readonly string[];
}

/** Compares them, and makes nothing where the table of migrations is missing. @param dataSource connected */
export async function migrationState(dataSource: DataSource): Promise<MigrationState> {
  const own = dataSource.migrations.map(({ name, constructor }) => name ?? constructor.name);
  const [found] = await dataSource.query<{ exists: boolean }[]>(
    `SELECT to_regclass('public.migrations') IS NOT NULL AS exists`,
  );
  if (!found?.exists) return { pending: own, unknown: [] };
  const rows = await dataSource.query<{ name: string }[]>('SELECT name FROM public.migrations ORDER BY id');
  const applied = new Set(rows.map(({ name }) => name));
  return {
    pending: own.filter((name) => !applied.has(name)),
    unknown: [...applied].filter((name) => !own.includes(name)),
  };
}
