import { InvalidInput } from '../../platform/errors/index.js';
import type { ContentOf } from '../../platform/records/index.js';
import { readSteps } from '../funnels/steps.js';
import { given } from '../schedules/schedule-fields.js';
import type { ScheduleStatus } from '../schedules/scheduled.js';
import { ReportBody, type ReportPatch } from './dto/report-body.js';
import type { Report } from './report.entity.js';

/**
 * The columns that a body sets: of a whole report all of them, what it leaves out being empty; of a patch those that it
 * has.
 * @param status what a whole one is that does not say it
 */
export function columnsOf(
  body: ReportBody | ReportPatch,
  status: ScheduleStatus = 'ACTIVE',
): Partial<ContentOf<Report>> {
  const { timezone, delivery, ...fields } =
    body instanceof ReportBody ? { ...EMPTY, status, ...given(body) } : given(body);
  return {
    ...fields,
    ...(timezone !== undefined && { timeZone: timezone }),
    ...(delivery && { webhookUrl: delivery.webhookUrl ?? null, emails: delivery.emails }),
  };
}

/** That what the sections need is there, and can be read. @throws InvalidInput */
export function assertSections({ sections, funnel }: Pick<Report, 'sections' | 'funnel'>): void {
  if (funnel) readSteps(funnel.steps, 'funnel.steps');
  else if (sections.includes('funnel')) {
    throw new InvalidInput([{ field: 'funnel', reason: 'is required for the section funnel' }]);
  }
}

const EMPTY = {
  ...{ currency: null, compareTo: null, funnel: null, attribution: null, schedule: null },
  delivery: { webhookUrl: null, emails: [] },
};
