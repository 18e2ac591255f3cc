import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RunningJob } from '../../jobs/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import { TimestampField } from '../../platform/http/input/index.js';
import { DAY_MS } from '../../platform/time/index.js';
import { rebuildDay } from './roll.js';

const MOST_DAYS = 1_100;

/** Days (UTC) whose sums are made anew. */
export class RebuildInput {
  @TimestampField({ day: 'first', description: 'The first day, as UTC has it.', example: '2026-11-01' })
  from!: Date;
  @TimestampField({ day: 'first', description: 'The last day.', example: '2026-11-30' }) to!: Date;
}

interface RebuildState {
  readonly days: number;
  readonly events: number;
}

/** The job `analytics.rebuild`: makes sums anew from the events, a day in each step. Figures are right all the while. */
@Injectable()
export class Rebuild implements OnModuleInit {
  private readonly type: JobType<RebuildInput, RebuildState> = {
    type: 'analytics.rebuild',
    description:
      'Makes the sums that figures are read from anew, day by day, from the events. They are right without it: it is for ' +
      'whoever has changed the database by hand.',
    resource: 'analytics.events',
    level: 'write',
    input: RebuildInput,
    check: (input) => void daysOf(input),
    run: (job) => this.run(job),
  };

  constructor(private readonly types: JobTypes) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<RebuildInput, RebuildState>): Promise<object> {
    const { first, count } = daysOf(job.input);
    let state = job.state ?? { days: 0, events: 0 };
    while (state.days < count) {
      const day = new Date(first + state.days * DAY_MS);
      await job.step(async (tx) => {
        const events = await rebuildDay(tx, job.store.storeId, day);
        state = { days: state.days + 1, events: state.events + events };
        return { done: state.days, total: count, state };
      });
    }
    return state;
  }
}

/** @throws InvalidInput */
function daysOf({ from, to }: RebuildInput): { readonly first: number; readonly count: number } {
  const first = Math.floor(from.getTime() / DAY_MS) * DAY_MS;
  const count = Math.floor(to.getTime() / DAY_MS) - first / DAY_MS + 1;
  if (count < 1) throw new InvalidInput([{ field: 'to', reason: 'must not be before from' }]);
  if (count > MOST_DAYS) {
    throw new InvalidInput([{ field: 'to', reason: `must be at most ${MOST_DAYS} days after from` }]);
  }
  return { first, count };
}
