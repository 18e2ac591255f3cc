import type { Random } from '../../content/index.js';

/** One of them, each as likely as it weighs; weights are whole numbers. */
export function weighted<T>(random: Random, items: readonly (readonly [T, number])[]): T {
  const total = items.reduce((sum, [, weight]) => sum + weight, 0);
  let left = random.between(1, total);
  for (const [item, weight] of items) {
    left -= weight;
    if (left <= 0) return item;
  }
  throw new Error('There is nothing to choose from.');
}

/**
 * Says yes as often as the chances make in sum, whatever a die would: a shop with few visitors has believable
 * ratios, too.
 */
export class Share {
  private due: number;

  constructor(random: Random) {
    this.due = random.between(0, 99) / 100;
  }

  take(chance: number): boolean {
    return this.count(chance) === 1;
  }

  /** The same for what happens more than once. */
  count(expected: number): number {
    this.due += expected;
    const count = Math.floor(this.due);
    this.due -= count;
    return count;
  }
}
