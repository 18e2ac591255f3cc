import { type EventType, eventType, namedIn } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { RUN_IN, runDataOf } from '../runs/run-event.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import type { ReportSettings } from './report-maker.js';

const RUN = { ...RUN_IN, report: namedIn('report') };

export const REPORT_EVENT_TYPES: readonly EventType[] = [
  eventType('report.finished', 'A report was made; its files can be fetched.', RUN),
  eventType('report.failed', 'A report could not be made, and is not tried again.', RUN),
];

/** What is told of a run that is over. */
export function eventOf(run: AnalyticsRun) {
  const id = toPublicId('report', run.reportId ?? '');
  return {
    type: run.status === 'succeeded' ? 'report.finished' : 'report.failed',
    subjectId: id,
    data: { ...runDataOf(run), report: { id, name: (run.settings as ReportSettings).name } },
  };
}
