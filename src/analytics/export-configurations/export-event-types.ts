import { type EventType, eventType, namedIn } from '../../platform/events/index.js';
import { toPublicId } from '../../platform/ids/index.js';
import { RUN_IN, runDataOf } from '../runs/run-event.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import type { ExportSettings } from './export-order.js';

const RUN = { ...RUN_IN, configuration: namedIn('exportConfiguration') };

export const EXPORT_EVENT_TYPES: readonly EventType[] = [
  eventType('analytics_export.finished', 'Events or metrics of a store were exported.', RUN),
  eventType('analytics_export.failed', 'An export could not be made, and is not tried again.', RUN),
];

/** What is told of a run that is over. */
export function eventOf(run: AnalyticsRun) {
  const id = toPublicId('exportConfiguration', run.exportId ?? '');
  return {
    type: run.status === 'succeeded' ? 'analytics_export.finished' : 'analytics_export.failed',
    subjectId: id,
    data: { ...runDataOf(run), configuration: { id, name: (run.settings as ExportSettings).name } },
  };
}
