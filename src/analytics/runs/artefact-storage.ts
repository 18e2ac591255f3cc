import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { Database } from '../../platform/database/index.js';
import { newUuid, timeOfUuid } from '../../platform/ids/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { type ByteRange, type ObjectStorage, openStorage } from '../../platform/storage/index.js';
import type { Artefact, Format } from './run.entity.js';

export const KEPT_DAYS = 90;
/** What is younger may be on its way to its row. */
const STRAY_AFTER_MS = 86_400_000;
const BATCH = 500;
const OBJECT = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})\.[a-z]+$/;

type Kept = Artefact & { readonly objectId: string };

/** The files that runs have made: beside the media, and removed when no row has them or their time is over. */
@Injectable()
export class ArtefactStorage implements OnModuleInit {
  private readonly storage: Promise<ObjectStorage>;

  constructor(
    @Inject(CONFIG) { media, dataDir }: Config,
    private readonly database: Database,
    private readonly jobs: Jobs,
  ) {
    const bucket = media.s3 && { ...media.s3, prefix: 'analytics/' };
    this.storage = openStorage(bucket, join(dataDir, 'analytics'));
    // Whoever uses it hears of a failure.
    this.storage.catch(() => undefined);
  }

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'analytics.sweep-artefacts',
        cron: '50 * * * *',
        run: async (_payload, { logger, signal }) => {
          logger.debug({ removed: await this.sweep(signal) }, 'swept');
        },
      }),
    );
  }

  /** Keeps a file that is in memory; when this resolves, it survives a loss of power. */
  keep(format: Format, text: string): Promise<Kept> {
    const bytes = Buffer.from(text);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return this.put(format, bytes, bytes.byteLength, sha256);
  }

  /** Keeps a file as it comes. @param objectId UUIDv7 */
  async put(
    format: Format,
    bytes: Readable | Uint8Array,
    size: number,
    sha256: string,
    objectId = newUuid(),
  ): Promise<Kept> {
    await (await this.storage).put(nameOf({ objectId, format }), { bytes, size });
    return { format, bytes: size, sha256, objectId, location: null, rows: null };
  }

  /** @throws ObjectMissing */
  async read(artefact: Pick<Kept, 'objectId' | 'format'>, range?: ByteRange): Promise<Readable> {
    return (await this.storage).read(nameOf(artefact), range);
  }

  /** @returns how many objects were removed */
  async sweep(signal?: AbortSignal): Promise<number> {
    const storage = await this.storage;
    let removed = 0;
    let names: string[] = [];
    const flush = async () => {
      for (const name of await this.straysOf(names)) {
        await storage.remove(name);
        removed += 1;
      }
      names = [];
    };
    for await (const name of storage.list()) {
      if (signal?.aborted) return removed;
      const id = OBJECT.exec(name)?.[1];
      if (id !== undefined && timeOfUuid(id) < Date.now() - STRAY_AFTER_MS) names.push(name);
      if (names.length === BATCH) await flush();
    }
    await flush();
    return removed;
  }

  private async straysOf(names: readonly string[]): Promise<string[]> {
    const rows = await this.database.query<{ name: string }>(KEPT, [names]);
    const kept = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !kept.has(name));
  }
}

function nameOf({ objectId, format }: Pick<Kept, 'objectId' | 'format'>): string {
  return `${objectId}.${format}`;
}

const KEPT = `
SELECT n.name FROM unnest($1::text[]) AS n(name)
WHERE EXISTS (
  SELECT FROM analytics_runs r
  WHERE r.artefacts @> jsonb_build_array(jsonb_build_object('objectId', split_part(n.name, '.', 1)))
    AND r.artefacts_until > now())`;
