/** How far a grant reaches on a resource. A higher level contains the lower. */
export const LEVELS = ['none', 'read', 'write', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

const RANK: Readonly<Record<Level, number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** Whether `held` contains `needed`. */
export function reaches(held: Level, needed: Level): boolean {
  return RANK[held] >= RANK[needed];
}

/** The higher of two levels: grants combine by maximum. */
export function higherLevel(a: Level, b: Level): Level {
  return RANK[a] >= RANK[b] ? a : b;
}

/** The lower of two levels: limits combine by minimum. */
export function lowerLevel(a: Level, b: Level): Level {
  return RANK[a] <= RANK[b] ? a : b;
}
