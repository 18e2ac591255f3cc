import { z } from 'zod';
import { type EventType, eventType, idIn, timeIn } from '../platform/events/index.js';

export const JOB_EVENT_TYPES: readonly EventType[] = [
  eventType('job.finished', 'A job has succeeded, failed or was cancelled.', {
    id: idIn('job'),
    storeId: idIn('store'),
    type: z.string(),
    status: z.enum(['succeeded', 'failed', 'cancelled']),
    result: z.looseObject({}).nullable().describe('What came of it, by the job’s type.'),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    errorCount: z.int().describe('Rows’ faults; `GET /jobs/{id}/errors` lists them.'),
    createdBy: z.string().describe('Who asked for it: a key’s or a member’s id.'),
    createdAt: timeIn(),
    finishedAt: timeIn(),
  }),
];
