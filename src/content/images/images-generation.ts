import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type JobType, JobTypes, type RunningJob } from '../../jobs/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { Brands } from '../brand/brands.js';
import { generated, type GenerationState } from '../generation/generation.js';
import { type Able, GenerationProviders } from '../generation/providers.js';
import { Subjects } from '../generation/subjects.js';
import { type KeptImage, MadeImages } from '../media/made-images.js';
import type { ImageSetView } from './dto/image-set-view.js';
import { ImagesInput } from './dto/images-input.js';
import type { ImageSize } from './image-set.entity.js';
import { ImagesService } from './images.service.js';

/** The job `images.generate`: has a provider draw, and keeps what comes as media. */
@Injectable()
export class ImagesGeneration implements OnModuleInit {
  private readonly type: JobType<ImagesInput, GenerationState> = {
    type: 'images.generate',
    description:
      'Draws images, of what is said or of a product of the store. They become media; the result names them, and says ' +
      'who made them, which is kept under `/images`.',
    resource: 'content.images',
    level: 'write',
    input: ImagesInput,
    check: (input) => this.providerOf(input),
    run: (job) => this.run(job),
  };

  constructor(
    private readonly types: JobTypes,
    private readonly providers: GenerationProviders,
    private readonly subjects: Subjects,
    private readonly brands: Brands,
    private readonly images: ImagesService,
    private readonly media: MadeImages,
  ) {}

  onModuleInit(): void {
    this.types.register(this.type);
  }

  private async run(job: RunningJob<ImagesInput, GenerationState>): Promise<ImageSetView> {
    const { store, input } = job;
    if (job.state?.id !== undefined) return this.images.all.get(store, job.state.id);
    const { prompt, sku, size, count, alt = prompt } = input;
    const provider = this.providerOf(input);
    const voice = await this.brands.voiceOf(store);
    const [subject] = sku === undefined ? [] : await this.subjects.named(store, [sku]);
    const kept: KeptImage[] = [];
    let named = false;
    try {
      const { model, usage } = await generated(
        job,
        (signal) => provider.draw({ prompt, voice, subject, ...sidesOf(size), count }, signal),
        async (files) => {
          for (const file of files.slice(0, count)) {
            const image = await this.media.keep(file);
            if (image) kept.push(image);
          }
          return kept;
        },
      );
      const id = newUuid();
      await job.step(async (tx) => {
        named = true;
        const mediaIds = await this.media.insert(tx, store, kept, { name: prompt, alt });
        const made = { provider: provider.name, model, ...usage, jobId: job.id };
        const content = { id, prompt, sku: sku ?? null, size, mediaIds, ...made };
        await this.images.all.insert(tx, store, content);
        return { done: kept.length, total: kept.length, state: { usage, id } };
      });
      return await this.images.all.get(store, id);
    } finally {
      // Rows that may name them, as far as is known here, keep them: strays are for the sweep of media.
      if (!named) await this.media.discard(kept);
    }
  }

  /** @throws InvalidInput */
  private providerOf(input: ImagesInput): Able<'draw'> {
    return this.providers.choose('draw', input.provider);
  }
}

function sidesOf(size: ImageSize): { readonly width: number; readonly height: number } {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
}
