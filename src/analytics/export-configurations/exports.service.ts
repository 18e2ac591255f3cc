import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { CONFIG, type Config } from '../../platform/config/index.js';
import { BoxHolder, MasterSecrets, SecretBox, SecretHolders } from '../../platform/crypto/index.js';
import { databaseClock, type Transaction } from '../../platform/database/index.js';
import { InvalidInput } from '../../platform/errors/index.js';
import type { RequestContext, StoreScope } from '../../platform/http/index.js';
import type { Page } from '../../platform/http/lists/index.js';
import { newUuid } from '../../platform/ids/index.js';
import { assertTarget } from '../../platform/outbound/index.js';
import { type ContentOf, matching } from '../../platform/records/index.js';
import { BusinessTransactions } from '../../platform/writes/index.js';
import type { AnalyticsRun } from '../runs/run.entity.js';
import { RunJobs } from '../runs/run-jobs.js';
import { assertSchedule } from '../schedules/schedule.js';
import { hasOtherTimes, nextRunOf } from '../schedules/scheduled.js';
import type {
  ExportConfigurationBody,
  ExportConfigurationListQuery,
  ExportConfigurationPatch,
} from './dto/export-body.js';
import type { ExportConfigurationView } from './dto/export-view.js';
import { assertColumns, givenBy, type GivenExport } from './export-columns.js';
import { type ExportConfiguration, exportPlace } from './export-configuration.entity.js';
import { orderOf } from './export-order.js';
import { ExportRecords } from './export-records.js';

/** The export configurations of one store at a time. */
@Injectable()
export class ExportsService implements OnModuleInit {
  constructor(
    private readonly exports: ExportRecords,
    private readonly runs: RunJobs,
    private readonly transactions: BusinessTransactions,
    private readonly box: SecretBox,
    private readonly masters: MasterSecrets,
    private readonly holders: SecretHolders,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** A change of the master secret carries the secrets of buckets over. */
  onModuleInit(): void {
    const boxes = {
      table: 'analytics_exports',
      column: 'sealed',
      name: 'secrets of buckets for exports',
      placeColumn: 'id',
      place: exportPlace,
      owner: { kind: 'exportConfiguration', table: 'analytics_exports', column: 'id', name: 'o.name' },
      isInForce: 'b.bucket IS NOT NULL',
      lastUse: 'NULL::timestamptz',
    } as const;
    this.holders.register(new BoxHolder(boxes, this.masters, this.box));
  }

  /** @throws InvalidInput for a cursor that is not this list's */
  list(store: StoreScope, query: ExportConfigurationListQuery): Promise<Page<ExportConfigurationView>> {
    return this.exports.all.page(store, query, (builder, { q, table, status }) => {
      matching(builder, q, ['name']);
      if (table) builder.andWhere('exportConfiguration.table = :table', { table });
      if (status) builder.andWhere('exportConfiguration.status = :status', { status });
    });
  }

  /** @throws NotFound */
  get(store: StoreScope, id: string): Promise<ExportConfigurationView> {
    return this.exports.all.get(store, id);
  }

  /** @throws InvalidInput; what BusinessTransactions throws for its Idempotency-Key */
  create(
    context: RequestContext,
    store: StoreScope,
    body: ExportConfigurationBody,
  ): Promise<ExportConfigurationView> {
    return this.exports.all.create(context, store, async (tx) => {
      const id = newUuid();
      const content = await this.written(tx, id, undefined, givenBy(body));
      return { id, ...content, watermark: null, watermarkAt: null };
    });
  }

  /**
   * Changes what is given: a whole configuration, which stays `PAUSED` or `ACTIVE` unless it says otherwise, or some
   * fields. What was exported already is not exported again.
   * @throws NotFound, PreconditionFailed, InvalidInput
   */
  change(
    context: RequestContext,
    store: StoreScope,
    id: string,
    changes: ExportConfigurationBody | ExportConfigurationPatch,
  ): Promise<ExportConfigurationView> {
    return this.exports.all.change(context, store, id, (before, tx) =>
      this.written(tx, id, before, givenBy(changes, before.status)),
    );
  }

  /** Its runs go with it. @throws NotFound, PreconditionFailed */
  delete(context: RequestContext, store: StoreScope, id: string): Promise<void> {
    return this.exports.all.delete(context, store, id);
  }

  /** Has it made now, also where it is paused. @throws NotFound; what BusinessTransactions throws */
  run<V>(
    context: RequestContext,
    store: StoreScope,
    id: string,
    present: (run: AnalyticsRun) => V,
  ): Promise<V> {
    return this.transactions.run(context, async (tx) => {
      const configuration = await this.exports.all.locked(tx, store, id);
      const order = orderOf(configuration, await databaseClock(tx));
      return present(
        await this.runs.order(tx, store, { exportId: id, trigger: 'request', dueAt: null, ...order }),
      );
    });
  }

  private async written(
    tx: Transaction,
    id: string,
    before: ExportConfiguration | undefined,
    { columns, secret }: GivenExport,
  ): Promise<ContentOf<ExportConfiguration>> {
    const after = { ...before, ...columns } as ExportConfiguration;
    assertSchedule(after.schedule, after.timeZone);
    assertColumns(after);
    if (!before || hasOtherTimes(before, after)) after.nextRunAt = nextRunOf(after, await databaseClock(tx));
    const { nextRunAt } = after;
    const bucket = this.withSecret(id, before, after, secret);
    return { ...columns, nextRunAt, ...bucket } as ContentOf<ExportConfiguration>;
  }

  /** The bucket and the box with its secret, a new one where a new secret was given. @throws InvalidInput */
  private withSecret(
    id: string,
    before: ExportConfiguration | undefined,
    { bucket }: ExportConfiguration,
    secret: string | undefined,
  ): Pick<ExportConfiguration, 'bucket' | 'sealed'> {
    if (!bucket) return { bucket, sealed: null };
    assertTarget(bucket.endpoint, this.config.webhookAllowPrivate, 'destination.endpoint');
    if (secret !== undefined) return { bucket, sealed: this.box.seal(Buffer.from(secret), exportPlace(id)) };
    if (before?.sealed && before.bucket?.endpoint === bucket.endpoint) {
      const { secretSetAt } = before.bucket;
      return { bucket: { ...bucket, secretSetAt }, sealed: before.sealed };
    }
    throw new InvalidInput([{ field: 'destination.secretAccessKey', reason: 'is required for s3' }]);
  }
}
