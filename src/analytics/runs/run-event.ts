import { z } from 'zod';
import { idIn, timeIn } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { artefactView } from './dto/run-view.js';
import { type AnalyticsRun, FORMATS, TRIGGERS } from './run.entity.js';

/** What events tell of any run that is over, beside what it is of. */
export const RUN_IN = {
  id: idIn('analyticsRun'),
  storeId: idIn('store'),
  trigger: z.enum(TRIGGERS),
  from: timeIn().nullable(),
  to: timeIn().nullable(),
  tries: z.int(),
  error: z.string().nullable(),
  artefacts: z.array(
    z.strictObject({
      format: z.enum(FORMATS),
      bytes: z.int(),
      sha256: z.string(),
      location: z.string().nullable(),
      rows: z.int().nullable(),
    }),
  ),
};

export function runDataOf({ id, storeId, periodFrom, periodTo, artefacts, ...run }: AnalyticsRun) {
  const { trigger, tries, error } = run;
  return {
    id: toPublicId('analyticsRun', id),
    storeId: toPublicId('store', storeId),
    ...{ trigger, tries, error },
    from: periodFrom?.toISOString() ?? null,
    to: periodTo?.toISOString() ?? null,
    artefacts: artefacts.map(artefactView),
  };
}
