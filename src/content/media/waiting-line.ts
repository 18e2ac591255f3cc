import { AppError } from '../../platform/errors/index.js';

/** Lets so many at once have their turn, and so many wait for theirs, first come, first served. */
export class WaitingLine {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly places: number,
    private readonly mostWaiting: number,
  ) {}

  /** @throws MEDIA_BUSY where the line is full; what the work throws */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy < this.places) this.busy += 1;
    else await this.turn();
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // Whoever is next has the place that becomes free, before anybody who comes now.
      if (next) next();
      else this.busy -= 1;
    }
  }

  private turn(): Promise<void> {
    if (this.waiting.length >= this.mostWaiting) {
      throw new AppError('MEDIA_BUSY', 'As many images wait to be looked at as may.', {
        headers: { 'Retry-After': '5' },
      });
    }
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}
