import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database } from '../../platform/database/index.js';
import { timeOfUuid } from '../../platform/ids/index.js';
import { defineJob, Jobs } from '../../platform/jobs/index.js';
import { LocalDisk, ObjectStorage } from '../../platform/storage/index.js';
import { IncomingFiles } from './incoming-files.js';

/** What is younger may be on its way to its row. */
const STRAY_AFTER_MS = 86_400_000;
const BATCH = 500;
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}';
const OBJECT = new RegExp(`^(${UUID})\\.(original|320|1024)$`);
const INCOMING = new RegExp(`^(${UUID})$`);

/** Removes bytes that no row names: of uploads whose process died, or whose transaction was not heard of again. */
@Injectable()
export class MediaSweep implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly storage: ObjectStorage,
    private readonly incoming: IncomingFiles,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.register(
      defineJob({
        name: 'media.sweep-strays',
        cron: '35 * * * *',
        run: async (_payload, { logger, signal }) => {
          const removed = await this.sweep(signal);
          logger.debug({ removed }, 'swept');
        },
      }),
    );
  }

  /** @returns how many objects and unfinished uploads were removed */
  async sweep(signal?: AbortSignal): Promise<number> {
    let removed = 0;
    let names: string[] = [];
    for await (const name of this.storage.list()) {
      if (signal?.aborted) return removed;
      if (isOld(OBJECT, name)) names.push(name);
      if (names.length < BATCH) continue;
      removed += await this.removeStrays(names);
      names = [];
    }
    removed += await this.removeStrays(names);
    const { directory } = this.incoming;
    for await (const name of new LocalDisk(directory).list()) {
      if (!isOld(INCOMING, name)) continue;
      await rm(join(directory, name), { force: true });
      removed += 1;
    }
    return removed;
  }

  private async removeStrays(names: readonly string[]): Promise<number> {
    if (names.length === 0) return 0;
    const objectOf = (name: string) => OBJECT.exec(name)?.[1] ?? '';
    const rows = await this.database.query<{ id: string }>(
      'SELECT object_id AS id FROM media WHERE object_id = ANY($1::uuid[])',
      [names.map(objectOf)],
    );
    const kept = new Set(rows.map(({ id }) => id));
    const strays = names.filter((name) => !kept.has(objectOf(name)));
    for (const name of strays) await this.storage.remove(name);
    return strays.length;
  }
}

function isOld(form: RegExp, name: string): boolean {
  const id = form.exec(name)?.[1];
  return id !== undefined && timeOfUuid(id) < Date.now() - STRAY_AFTER_MS;
}
