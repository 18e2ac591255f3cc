import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RunningJob } from '../../jobs/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { Brands } from '../brand/brands.js';
import { DECEPTIVE } from '../deceptive-characters.js';
import { generated, type GenerationState } from '../generation/generation.js';
import { type Able, GenerationProviders } from '../generation/providers.js';
import { Subjects } from '../generation/subjects.js';
import { PLATFORM_LIMITS } from '../posts/post-platforms.js';
import { CopyService } from './copy.service.js';
import { CopyInput } from './dto/copy-input.js';
import type { CopyView } from './dto/copy-view.js';

/** The job `copy.generate`: has a provider write some texts, and keeps them. */
@Injectable()
export class CopyGeneration implements OnModuleInit {
  private readonly type: JobType<CopyInput, GenerationState> = {
    type: 'copy.generate',
    description:
      'Writes short texts, for a goal, about what is said or about products of the store. The result has them, and says ' +
      'who made them; they are kept under `/copy`.',
    resource: 'content.copy',
    level: 'write',
    input: CopyInput,
    check: (input) => this.providerOf(input),
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly providers: GenerationProviders,
    private readonly subjects: Subjects,
    private readonly brands: Brands,
    private readonly copies: CopyService,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<CopyInput, GenerationState>): Promise<CopyView> {
    const { store, input } = job;
    if (job.state?.id !== undefined) return this.copies.all.get(store, job.state.id);
    const { goal, about, skus, platform = null, language, count } = input;
    const provider = this.providerOf(input);
    const voice = await this.brands.voiceOf(store, input.tone);
    const mostCharacters = Math.min(
      input.mostCharacters,
      platform ? PLATFORM_LIMITS[platform].caption : Infinity,
    );
    const subjects =
      skus.length > 0 ? await this.subjects.named(store, skus) : await this.subjects.newest(store, count);
    const { items, model, usage } = await generated(
      job,
      (signal) => provider.write({ goal, about, voice, subjects, language, mostCharacters, count }, signal),
      (texts) => usable(texts, mostCharacters).slice(0, count),
    );
    const id = newUuid();
    const made = { provider: provider.name, model, ...usage, jobId: job.id };
    const content = { goal, about, skus, platform, tone: voice.tone, language, texts: [...items], ...made };
    await job.step(async (tx) => {
      await this.copies.all.insert(tx, store, { id, ...content });
      return { done: items.length, total: items.length, state: { usage, id } };
    });
    return this.copies.all.get(store, id);
  }

  /** @throws InvalidInput */
  private providerOf(input: CopyInput): Able<'write'> {
    const provider = this.providers.choose('write', input.provider);
    const reason = provider.refuses?.(input);
    if (reason !== undefined) throw new InvalidInput([{ field: 'language', reason }]);
    return provider;
  }
}

/** Texts that fit and differ, of one line or several. */
function usable(texts: readonly string[], mostCharacters: number): string[] {
  const clean = texts.map((text) =>
    text
      .toWellFormed()
      .split(/\r?\n/)
      .map((line) => line.replace(DECEPTIVE, '').trim())
      .join('\n')
      .trim(),
  );
  return [...new Set(clean)].filter((text) => text !== '' && [...text].length <= mostCharacters);
}
