import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Database, type Transaction } from '../../platform/database/index.js';
import type { StoreScope } from '../../platform/http/index.js';
import { type JobRun, RunSuperseded } from '../../platform/jobs/index.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import { RunJobs } from '../runs/run-jobs.js';
import { type Made, type RunWork, WorkRefused } from '../runs/run-work.js';
import { DailyReader } from './daily-reader.js';
import { EventReader } from './event-reader.js';
import { ExportConfiguration } from './export-configuration.entity.js';
import { ExportDestination } from './export-destination.js';
import { eventOf } from './export-event-types.js';
import type { ExportSettings } from './export-order.js';
import type { ExportedRow } from './export-tables.js';
import { spooled } from './spool.js';

/** How runs of exports are done. */
@Injectable()
export class ExportWork implements RunWork, OnModuleInit {
  readonly kind = 'export';
  readonly eventOf = eventOf;

  constructor(
    private readonly jobs: RunJobs,
    private readonly database: Database,
    private readonly events: EventReader,
    private readonly days: DailyReader,
    private readonly destination: ExportDestination,
  ) {}

  onModuleInit(): void {
    this.jobs.register(this);
  }

  /** @throws RunSuperseded where the configuration is gone; WorkRefused */
  async make(run: AnalyticsRun, store: StoreScope, { signal }: JobRun): Promise<Made> {
    const configuration = await this.database.manager.findOneBy(ExportConfiguration, {
      id: run.exportId ?? '',
    });
    if (!configuration) throw new RunSuperseded(`The run ${run.id}`);
    const settings = run.settings as ExportSettings;
    return settings.table === 'events'
      ? this.makeEvents(run, store, configuration, settings, signal)
      : this.makeDays(run, store, configuration, settings, signal);
  }

  /** Nothing is delivered: it is where it belongs when it is made. */
  deliver(): Promise<void> {
    return Promise.resolve();
  }

  /** What came in since the run before; the watermark moves with the run's success, or not at all. */
  private async makeEvents(
    run: AnalyticsRun,
    { storeId }: StoreScope,
    configuration: ExportConfiguration,
    settings: ExportSettings,
    signal: AbortSignal,
  ): Promise<Made> {
    const { watermark, watermarkAt } = configuration;
    const bound = await this.events.bound();
    const rows = this.events.read(storeId, watermark ?? undefined, bound.watermark);
    const artefact = await this.write(run, configuration, settings, rows, signal);
    return {
      artefacts: [artefact],
      to: [],
      period: { periodFrom: watermarkAt, periodTo: bound.at },
      commit: async (tx) => {
        const current = await locked(tx, configuration.id);
        if (!current) throw new RunSuperseded(`The run ${run.id}`);
        if (JSON.stringify(current.watermark) !== JSON.stringify(watermark)) {
          throw new WorkRefused('Another run was exporting the same events.', false);
        }
        const changes = { watermark: bound.watermark, watermarkAt: bound.at };
        await tx.update(ExportConfiguration, { id: configuration.id }, changes);
      },
    };
  }

  private async makeDays(
    run: AnalyticsRun,
    { storeId }: StoreScope,
    configuration: ExportConfiguration,
    settings: ExportSettings,
    signal: AbortSignal,
  ): Promise<Made> {
    const { periodFrom, periodTo } = run;
    if (!periodFrom || !periodTo) throw new Error('A run of daily metrics has its days.');
    const rows = this.days.read(storeId, settings.dimension, { from: periodFrom, to: periodTo });
    return { artefacts: [await this.write(run, configuration, settings, rows, signal)], to: [] };
  }

  private write(
    run: AnalyticsRun,
    configuration: ExportConfiguration,
    { format, columns }: ExportSettings,
    rows: AsyncIterable<readonly ExportedRow[]>,
    signal: AbortSignal,
  ) {
    return spooled(whileRunning(rows, signal), { format, columns }, (file) =>
      this.destination.put(configuration, run, format, file),
    );
  }
}

function locked(tx: Transaction, id: string): Promise<ExportConfiguration | null> {
  return tx.findOne(ExportConfiguration, { where: { id }, lock: { mode: 'pessimistic_write' } });
}

/** A process that is about to stop writes no further. */
async function* whileRunning<T>(chunks: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    yield chunk;
  }
}
