import { Injectable, Module, type OnModuleInit } from '@nestjs/common';
import { JobFailed, JobTypes, StoreJobsModule } from '../../src/jobs/index.js';
import { IntegerField, TextField } from '../../src/platform/http/input/index.js';

class CountInput {
  @IntegerField({ min: 1, max: 1_000, description: 'How far to count.' }) upTo!: number;
  @TextField({ max: 100, optional: true, description: 'What to do at half the way.' }) atHalf?: string;
  @TextField({ max: 100_000, optional: true, description: 'Something large.' }) content?: string;
}

/** What a test decides about jobs that run, while they do. */
export class TestJobsHand {
  /** Whether a job that waits at half its way goes on. */
  open = Promise.withResolvers<void>();
  /** How often a job has come to its half. */
  halves = 0;
}

@Injectable()
class TestJobs implements OnModuleInit {
  constructor(
    private readonly types: JobTypes,
    private readonly hand: TestJobsHand,
  ) {}

  onModuleInit(): void {
    this.types.register<CountInput, { at: number; steps: number }>({
      type: 'test.count',
      description: 'Counts.',
      resource: 'content.campaigns',
      level: 'write',
      input: CountInput,
      content: 'content',
      run: async (job) => {
        const { upTo, atHalf, content } = job.input;
        let state = job.state ?? { at: 0, steps: 0 };
        while (state.at < upTo) {
          await job.step(async () => {
            state = { at: state.at + 1, steps: state.steps + 1 };
            const faults = state.at % 10 === 0 ? [{ row: state.at, field: 'at', reason: 'is round' }] : [];
            return Promise.resolve({ done: state.at, total: upTo, state, faults });
          });
          if (state.at !== Math.ceil(upTo / 2)) continue;
          this.hand.halves += 1;
          if (atHalf === 'wait') await this.hand.open.promise;
          if (atHalf === 'break') throw new Error('a fault with a secret in it');
          if (atHalf === 'break-once' && this.hand.halves === 1) throw new Error('once');
          if (atHalf === 'refuse') throw new JobFailed('COUNT_REFUSED', 'It does not want to.');
        }
        return { steps: state.steps, letters: content?.length ?? 0 };
      },
    });
  }
}

@Module({ imports: [StoreJobsModule], providers: [TestJobs, TestJobsHand] })
export class TestJobsModule {}
