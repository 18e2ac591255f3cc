/** Without what was not given: the input's classes tell absent from undefined. */
export function given<T extends object>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as Partial<T>;
}

/** Under a list of a page: how many there are in all, and how to see the next ones. */
export function pageText(
  what: string,
  { pagination }: { pagination: { page: number | null; totalCount: number; hasMore: boolean } },
  plural = `${what}s`,
): string {
  const count = `${pagination.totalCount} ${pagination.totalCount === 1 ? what : plural}`;
  return pagination.hasMore ? `${count}; the next page: --page ${(pagination.page ?? 1) + 1}` : `${count}.`;
}
