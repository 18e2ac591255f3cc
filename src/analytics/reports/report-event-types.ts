import { z } from 'zod';
import { type EventType, eventType, idIn, namedIn, timeIn } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { artefactView } from '../runs/dto/run-view.js';
import { type AnalyticsRun, FORMATS, TRIGGERS } from '../runs/run.entity.js';
import type { ReportSettings } from './report-maker.js';

const RUN = {
  id: idIn('analyticsRun'),
  storeId: idIn('store'),
  report: namedIn('report'),
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
    }),
  ),
};

export const REPORT_EVENT_TYPES: readonly EventType[] = [
  eventType('report.finished', 'A report was made; its files can be fetched.', RUN),
  eventType('report.failed', 'A report could not be made, and is not tried again.', RUN),
];

/** What is told of a run that is over. */
export function eventOf(run: AnalyticsRun) {
  const { trigger, tries, error, artefacts, periodFrom, periodTo, status } = run;
  const id = toPublicId('report', run.reportId ?? '');
  return {
    type: status === 'succeeded' ? 'report.finished' : 'report.failed',
    subjectId: id,
    data: {
      id: toPublicId('analyticsRun', run.id),
      storeId: toPublicId('store', run.storeId),
      report: { id, name: (run.settings as ReportSettings).name },
      ...{ trigger, tries, error },
      from: periodFrom?.toISOString() ?? null,
      to: periodTo?.toISOString() ?? null,
      artefacts: artefacts.map(artefactView),
    },
  };
}
