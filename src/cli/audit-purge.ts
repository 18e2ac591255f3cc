import { type DayPurge, Purger } from '../audit/index.js';
import type { Answer, CommonOptions } from './answer.js';
import { table } from './format.js';
import { withApplication } from './with-application.js';

export interface PurgeOptions extends CommonOptions {
  readonly dryRun?: boolean;
}

const MEANING: Readonly<Record<DayPurge['result'], string>> = {
  purged: 'purged',
  waiting: 'waits for a checkpoint',
  busy: 'is being read: try again',
  held: 'held',
};

/** `gatehouse audit purge`: what the daily job does. */
export function purgeLogs({ dryRun = false }: PurgeOptions): Promise<Answer> {
  return withApplication(async (app) => {
    const days = await app.get(Purger).purge({ dryRun });
    const rows = days.map(({ log, day, rows: dropped, held, result, purgeNo }) => [
      day,
      log,
      `${dropped}`,
      `${held}`,
      dryRun && result === 'purged' ? 'would be purged' : MEANING[result],
      purgeNo === null ? '' : `${purgeNo}`,
    ]);
    return {
      document: { dryRun, days },
      text:
        rows.length === 0
          ? 'Nothing is older than the retention.'
          : table(['DAY', 'LOG', 'ROWS', 'HELD', '', 'RECORD'], rows),
      failed: days.some(({ result }) => result === 'busy'),
    };
  });
}
